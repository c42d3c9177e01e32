package io.quikqueue.acceptance.architecture.broken.sql;

record SqliteFixture() {}
