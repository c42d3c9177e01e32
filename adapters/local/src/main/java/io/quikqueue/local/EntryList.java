package io.quikqueue.local;

import org.jspecify.annotations.Nullable;

/** A doubly linked list through the entries themselves: no allocation, removal in one step. */
final class EntryList {

  private @Nullable Entry first;
  private @Nullable Entry last;
  private int size;

  @Nullable Entry first() {
    return first;
  }

  @Nullable Entry last() {
    return last;
  }

  int size() {
    return size;
  }

  void addFirst(Entry entry) {
    Entry after = first;
    entry.list = this;
    entry.previous = null;
    entry.next = after;
    first = entry;
    if (after == null) {
      last = entry;
    } else {
      after.previous = entry;
    }
    size++;
  }

  void addLast(Entry entry) {
    Entry before = last;
    entry.list = this;
    entry.previous = before;
    entry.next = null;
    last = entry;
    if (before == null) {
      first = entry;
    } else {
      before.next = entry;
    }
    size++;
  }

  void remove(Entry entry) {
    if (entry.list != this) {
      throw new IllegalStateException("job " + entry.id + " is in another list");
    }
    Entry before = entry.previous;
    Entry after = entry.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    entry.list = null;
    entry.previous = null;
    entry.next = null;
    size--;
  }
}
