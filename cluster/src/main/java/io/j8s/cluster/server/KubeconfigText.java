package io.j8s.cluster.server;

import io.j8s.cluster.pki.Credential;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A kubeconfig of one cluster, user and context, with certificates inside, so that it can be copied elsewhere.
final class KubeconfigText {
    private KubeconfigText() {}

    static String of(String server, String cluster, String user, Credential authority, Credential client) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: %1$s
                  cluster:
                    server: %2$s
                    certificate-authority-data: %3$s
                contexts:
                - name: %1$s
                  context:
                    cluster: %1$s
                    user: %4$s
                current-context: %1$s
                users:
                - name: %4$s
                  user:
                    client-certificate-data: %5$s
                    client-key-data: %6$s
                """.formatted(cluster, server, base64(authority.certificatePem()), user, base64(client.certificatePem()), base64(client.keyPem()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
