package io.quikqueue.rest;

import java.math.BigInteger;

/**
 * The one spelling of a JSON number's value, in time linear in its length whatever its exponent.
 */
final class CanonicalNumber {

  private CanonicalNumber() {}

  /**
   * Digits without zeros at either end, then the power of ten that they stand for: {@code 12.50}
   * and {@code 125e-1} become {@code 125e-1}.
   *
   * @param number as JSON writes it
   */
  static String of(String number) {
    boolean negative = number.startsWith("-");
    int e = Math.max(number.indexOf('e'), number.indexOf('E'));
    String mantissa = number.substring(negative ? 1 : 0, e < 0 ? number.length() : e);
    int dot = mantissa.indexOf('.');
    String all = dot < 0 ? mantissa : mantissa.substring(0, dot) + mantissa.substring(dot + 1);
    int decimals = dot < 0 ? 0 : mantissa.length() - dot - 1;
    int from = 0;
    while (from < all.length() && all.charAt(from) == '0') {
      from++;
    }
    int to = all.length();
    while (to > from && all.charAt(to - 1) == '0') {
      to--;
    }
    if (from == to) {
      return "0";
    }
    BigInteger power =
        (e < 0 ? BigInteger.ZERO : new BigInteger(exponent(number, e)))
            .add(BigInteger.valueOf((long) all.length() - to - decimals));
    return (negative ? "-" : "") + all.substring(from, to) + "e" + power;
  }

  private static String exponent(String number, int e) {
    return number.substring(number.charAt(e + 1) == '+' ? e + 2 : e + 1);
  }
}
