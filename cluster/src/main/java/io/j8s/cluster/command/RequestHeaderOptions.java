package io.j8s.cluster.command;

import io.j8s.apiserver.authentication.RequestHeaders;
import io.j8s.apiserver.configuration.WatchedFile;
import io.j8s.http.Pem;
import io.j8s.runtime.Timeline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Proxies that may name users in headers.
final class RequestHeaderOptions {

    private static final String FLAG = "--requestheader-client-ca-file";

    @Option(names = FLAG, paramLabel = "FILE", description = "The authorities that sign proxies which may name users in headers.")
    private @Nullable Path authorities;
    @Option(names = "--requestheader-allowed-names", paramLabel = "NAMES", split = ",", description = "The common names that such proxies may have (default: any).")
    private List<String> allowedNames = new ArrayList<>();
    @Option(names = "--requestheader-username-headers", paramLabel = "HEADERS", split = ",", description = "Headers with the user's name, such as X-Remote-User.")
    private List<String> userHeaders = new ArrayList<>();
    @Option(names = "--requestheader-uid-headers", paramLabel = "HEADERS", split = ",", description = "Headers with the user's uid, such as X-Remote-Uid.")
    private List<String> uidHeaders = new ArrayList<>();
    @Option(names = "--requestheader-group-headers", paramLabel = "HEADERS", split = ",", description = "Headers with the user's groups, such as X-Remote-Group.")
    private List<String> groupHeaders = new ArrayList<>();
    @Option(names = "--requestheader-extra-headers-prefix", paramLabel = "PREFIXES", split = ",", description = "What headers with further attributes begin with, such as X-Remote-Extra-.")
    private List<String> extraPrefixes = new ArrayList<>();

    RequestHeaders.@Nullable Settings settings(Timeline timeline) {
        Path file = authorities;
        return file == null
                ? null
                : new RequestHeaders.Settings(
                        new WatchedFile<>(file, FLAG, bytes -> Pem.certificates(new String(bytes, StandardCharsets.UTF_8)), timeline),
                        allowedNames, userHeaders, uidHeaders, groupHeaders, extraPrefixes);
    }
}
