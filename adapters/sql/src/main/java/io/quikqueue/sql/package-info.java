/** The job store and its side tables on MySQL, MariaDB and SQLite. */
@NullMarked
package io.quikqueue.sql;

import org.jspecify.annotations.NullMarked;
