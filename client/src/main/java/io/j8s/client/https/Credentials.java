package io.j8s.client.https;

import io.j8s.http.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Who a client says it is, beside or instead of a client certificate. Asked for each request, from any thread: answers are kept by the implementation.
public interface Credentials {

    /// Only what TLS shows, or nobody.
    Credentials NONE = () -> null;

    /// The value of the `authorization` header, or null for none. May block (a plugin runs, a file is read).
    @Nullable String authorization() throws IOException;

    /// A client certificate that comes with these credentials, or null.
    default @Nullable TlsIdentity identity() {
        return null;
    }

    /// The server refused the last ones (401): forget what was kept. Answers whether there may be better ones now, so that a second try is worth it.
    default boolean refused() {
        return false;
    }

    static Credentials bearer(String token) {
        return () -> "Bearer " + token;
    }

    static Credentials basic(String user, String password) {
        String encoded = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return () -> "Basic " + encoded;
    }
}
