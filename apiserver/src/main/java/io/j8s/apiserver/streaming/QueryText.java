package io.j8s.apiserver.streaming;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The text of a URL's query, parameter by parameter. One thread.
final class QueryText {

    private final StringBuilder text = new StringBuilder();

    QueryText add(String name, String value) {
        text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        return this;
    }

    QueryText addIf(boolean condition, String name, String value) {
        return condition ? add(name, value) : this;
    }

    /// With its `?`; empty when there are no parameters.
    @Override
    public String toString() {
        return text.toString();
    }
}
