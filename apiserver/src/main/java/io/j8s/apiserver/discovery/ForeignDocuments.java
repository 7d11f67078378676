package io.j8s.apiserver.discovery;

import io.j8s.http.Headers;
import java.io.IOException;
import java.util.Map;

/// The OpenAPI documents of another server that serves a group and version.
///
/// @param group, version what it serves here
/// @param places its index of v3: by place, such as `apis/GROUP/VERSION`, where the document is; empty when it has none
/// @param v2 its whole v2 document in JSON; empty when it has none
/// @param tag changes when the v2 document does
/// @param source where they come from
public record ForeignDocuments(String group, String version, Map<String, Object> places, byte[] v2, String tag, Source source) {

    public ForeignDocuments {
        places = Map.copyOf(places);
    }

    /// Asks the other server.
    @FunctionalInterface
    public interface Source {
        /// @param path with its query
        /// @param fields of the request that matter: `accept`, `if-none-match`
        Answer ask(String path, Headers fields) throws IOException, InterruptedException;
    }

    /// What it answers.
    public record Answer(int status, Headers headers, byte[] body) {}
}
