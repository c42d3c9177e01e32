package io.quikqueue.sql;

/** A row of the table {@code leases}, which nobody else takes. */
record SqlClockMark(Database database) implements ClockMark {

  private static final String READ = "SELECT expires_at FROM leases WHERE name = 'clock'";
  private static final String RAISE =
      "UPDATE leases SET expires_at = :micros WHERE name = 'clock' AND expires_at < :micros";
  private static final String INSERT =
      """
      INSERT INTO leases (name, holder, expires_at) VALUES ('clock', '', :micros)
      <keep_existing>""";

  @Override
  public long micros() {
    return database.read(handle -> handle.select(READ).mapTo(Long.class).findOne().orElse(0L));
  }

  @Override
  public void raise(long micros) {
    database.writeEach(
        handle -> {
          int raised = handle.createUpdate(RAISE).bind("micros", micros).execute();
          return raised > 0
              ? raised
              : handle
                  .createUpdate(INSERT)
                  .define("keep_existing", database.dialect().keepExisting("name"))
                  .bind("micros", micros)
                  .execute();
        });
  }
}
