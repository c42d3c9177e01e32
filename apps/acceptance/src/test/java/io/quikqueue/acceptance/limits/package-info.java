/**
 * What the system takes up: memory with a million jobs waiting, time to start without its servers,
 * and what is left behind when servers come and go.
 */
package io.quikqueue.acceptance.limits;
