package io.quikqueue.domain.port;

import io.quikqueue.domain.access.TokenKey;
import java.time.Instant;
import java.util.List;

/**
 * The public keys of all processes, by which one knows the tokens of another. All methods throw
 * {@link UnavailableException} without the store.
 */
public interface TokenKeys {

  /** Lets all processes know a key, and forgets those that had expired when it was created. */
  void publish(TokenKey key);

  /** Those that have not expired, in the order of their ids. */
  List<TokenKey> list(Instant now);
}
