package io.quikqueue.sql;

import java.util.Set;

/** The tables were made by a newer version, which may keep in them what this one would spoil. */
public final class NewerSchemaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NewerSchemaException(Set<String> unknown) {
    super("the database has change sets of a newer version: " + unknown);
  }
}
