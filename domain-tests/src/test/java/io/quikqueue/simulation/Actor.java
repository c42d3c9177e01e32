package io.quikqueue.simulation;

import java.util.SplittableRandom;

/** Somebody who acts in small steps; between two of them, and inside them, others act. */
interface Actor {

  String name();

  /** Does one thing of its choice. */
  void act(SplittableRandom random);

  /** Its process dies: what it had in memory is gone, and it starts anew. */
  void die();

  /** Does all it can while nothing fails. */
  void settle();
}
