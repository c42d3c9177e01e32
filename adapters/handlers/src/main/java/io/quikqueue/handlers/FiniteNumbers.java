package io.quikqueue.handlers;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes null for numbers that JSON does not have: NaN and the infinities. */
final class FiniteNumbers extends JsonGeneratorDelegate {

  private @Nullable String first;
  private int replaced;

  FiniteNumbers(JsonGenerator json) {
    super(json, false);
  }

  /** Says what was replaced; null = nothing. */
  @Nullable String note() {
    if (replaced == 0) {
      return null;
    }
    String more = replaced == 1 ? "" : " and " + (replaced - 1) + " more";
    return "the result has null for numbers that JSON does not have: " + first + more;
  }

  @Override
  public void writeNumber(double number) throws IOException {
    if (Double.isFinite(number)) {
      super.writeNumber(number);
    } else {
      replace(Double.toString(number));
    }
  }

  @Override
  public void writeNumber(float number) throws IOException {
    if (Float.isFinite(number)) {
      super.writeNumber(number);
    } else {
      replace(Float.toString(number));
    }
  }

  @Override
  public void writeArray(double[] numbers, int offset, int length) throws IOException {
    writeStartArray(numbers, length);
    for (int i = offset; i < offset + length; i++) {
      writeNumber(numbers[i]);
    }
    writeEndArray();
  }

  private void replace(String number) throws IOException {
    writeNull();
    replaced++;
    if (first == null) {
      String path = getOutputContext().pathAsPointer().toString();
      first = number + (path.isEmpty() ? "" : " at " + path);
    }
  }
}
