/**
 * The fault matrix: what happens to accepted jobs when processes and servers die, freeze, restart,
 * fill up or lose their data. Each row is a test; {@link io.quikqueue.acceptance.faults.ChaosTest}
 * picks rows at random.
 */
package io.quikqueue.acceptance.faults;
