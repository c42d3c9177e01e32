package io.quikqueue.acceptance.architecture.broken.domain;

import java.security.SecureRandom;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

final class DrawsRandomNumbers {
  private final Random random = new Random();
  private final SecureRandom secure = new SecureRandom();
  private final double number = Math.random() + ThreadLocalRandom.current().nextDouble();

  @Override
  public String toString() {
    return UUID.randomUUID() + " " + random + secure + number;
  }
}
