package io.quikqueue.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.IDN;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "http://order_service:8080/x http://order_service:8080/x",
        "HTTP://_A.b-_/ http://_a.b-_/",
        "http://e.com http://e.com/",
        "http://e.com:/ http://e.com/",
        "http://e.com:80 http://e.com/",
        "https://e.com:080/ https://e.com:80/",
        "http://e.com.:1/ http://e.com.:1/",
        "http://e.com?q http://e.com/?q",
        "http://e.com#f?x http://e.com/",
        "http://münchen.example/ http://xn--mnchen-3ya.example/",
        "http://MÜNCHEN。example/ http://xn--mnchen-3ya.example/",
        "http://straße.example/ http://xn--strae-oqa.example/",
        "http://Bücher.ＥＸＡＭＰＬＥ/ http://xn--bcher-kva.example/",
        "http://例え.テスト/ http://xn--r8jz45g.xn--zckzah/",
        "http://☃.net/ http://xn--n3h.net/",
        "http://xn--mnchen-3ya.example/ http://xn--mnchen-3ya.example/",
        "http://e.com/a|b http://e.com/a%7Cb",
        "http://e.com/{id}<x>^`\" http://e.com/%7Bid%7D%3Cx%3E%5E%60%22",
        "http://e.com/?q={a|b}<^>`\" http://e.com/?q=%7Ba%7Cb%7D%3C%5E%3E%60%22",
        "http://e.com/ü%C3%BC/😀 http://e.com/%C3%BC%C3%BC/%F0%9F%98%80",
        "http://e.com/a[]%2f%zz%?b[]=%#x http://e.com/a[]%2f%zz%?b[]=%",
        "http://e.com/a/./b/../c/%2E%2e/%2e/d/.. http://e.com/a/",
        "http://e.com/../../a http://e.com/a",
        "http://e.com/a\\b\\..\\c?d\\e http://e.com/a/c?d%5Ce",
        "http://e.com//a//b http://e.com//a//b",
        "http://e.com/a;b=1,@:!$&'()*+~ http://e.com/a;b=1,@:!$&'()*+~",
        "http://[::FFFF:1.2.3.4]:81/ http://[::ffff:1.2.3.4]:81/",
      })
  void readsUrlsAsBrowsersDo(String text, String url) {
    assertThat(CallUrl.parse(text)).hasToString(url);
  }

  @Test
  void encodesBlanks() {
    assertThat(CallUrl.parse("  http://e.com/a b?c d#e f "))
        .hasToString("http://e.com/a%20b?c%20d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://", "http://e\u00a0.com/", "http://e.com/\t", "http://xn--ü/a\u0000"})
  void saysWhatIsWrong(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CallUrl.parse(text))
        .withMessageStartingWith("must ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ü", "bücher", "äöüéèñ", "пример", "中文网", "中a文b网c", "ελληνικά", "日本語-例", "한국어"})
  void encodesNamesAsTheJdkDoesWhereItsOldRulesAgree(String label) {
    assertThat(HostName.ascii(label)).isEqualTo(IDN.toASCII(label, IDN.ALLOW_UNASSIGNED));
    assertThat(URI.create(CallUrl.parse("http://" + label + ".example/ü ").toString()).getHost())
        .endsWith(".example");
  }
}
