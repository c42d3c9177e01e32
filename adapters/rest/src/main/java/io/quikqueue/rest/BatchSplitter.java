package io.quikqueue.rest;

import io.quikqueue.rest.BatchBody.Item;
import org.jspecify.annotations.Nullable;

/** Cuts the body of a batch into items. */
sealed interface BatchSplitter {

  /**
   * The next item; null after the last.
   *
   * @throws ProblemException 400 when the body as a whole cannot be read on
   */
  @Nullable Item next();

  /** Whether an item that is not JSON makes the whole body malformed. */
  boolean whole();

  /** One JSON array. */
  final class OfArray implements BatchSplitter {

    private final BatchBody body;
    private boolean begun;
    private boolean ended;

    OfArray(BatchBody body) {
      this.body = body;
    }

    @Override
    public boolean whole() {
      return true;
    }

    @Override
    public @Nullable Item next() {
      if (!begun && !begin()) {
        return null;
      }
      if (ended) {
        return null;
      }
      body.skipWhitespace();
      body.beginItem();
      scanValue();
      if (body.itemIsBlank()) {
        throw body.malformed("expected a value");
      }
      if (body.next() == ']') {
        end();
      }
      return body.endItem();
    }

    private boolean begin() {
      begun = true;
      body.skipWhitespace();
      if (body.peek() == BatchBody.END) {
        throw new ProblemException(Problems.malformed("the body is empty"));
      }
      if (body.peek() != '[') {
        throw body.malformed("expected an array of jobs");
      }
      body.next();
      body.skipWhitespace();
      if (body.peek() != ']') {
        return true;
      }
      body.next();
      end();
      return false;
    }

    private void end() {
      ended = true;
      body.skipWhitespace();
      if (body.peek() != BatchBody.END) {
        throw body.malformed("there is more after the array");
      }
    }

    /**
     * Up to the comma or bracket that ends the item, which is left. Whether the item is JSON is for
     * its parser to say.
     */
    private void scanValue() {
      int depth = 0;
      boolean inString = false;
      while (true) {
        int b = body.peek();
        if (b == BatchBody.END) {
          throw body.malformed("the body ends within the array");
        }
        if (inString) {
          if (b == '\\') {
            body.addToItem(body.next());
            if (body.peek() == BatchBody.END) {
              continue;
            }
          }
          inString = b != '"';
        } else if (depth == 0 && (b == ',' || b == ']')) {
          return;
        } else if (b == '"') {
          inString = true;
        } else if (b == '{' || b == '[') {
          depth++;
        } else if ((b == '}' || b == ']') && depth > 0) {
          depth--;
        }
        body.addToItem(body.next());
      }
    }
  }

  /** One JSON document per line; blank lines do not count. */
  final class OfLines implements BatchSplitter {

    private final BatchBody body;
    private boolean begun;

    OfLines(BatchBody body) {
      this.body = body;
    }

    @Override
    public boolean whole() {
      return false;
    }

    @Override
    public @Nullable Item next() {
      body.skipWhitespace();
      if (body.peek() == BatchBody.END) {
        if (!begun) {
          throw new ProblemException(Problems.malformed("the body is empty"));
        }
        return null;
      }
      begun = true;
      body.beginItem();
      while (body.peek() != BatchBody.END && body.peek() != '\n') {
        body.addToItem(body.next());
      }
      return body.endItem();
    }
  }
}
