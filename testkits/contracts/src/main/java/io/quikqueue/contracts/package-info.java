/**
 * What every adapter of a driven port must do, as JUnit classes to extend, with fixtures and with
 * fakes that pass.
 */
@NullMarked
package io.quikqueue.contracts;

import org.jspecify.annotations.NullMarked;
