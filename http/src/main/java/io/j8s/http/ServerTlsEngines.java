package io.j8s.http;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Makes the TLS engines of one server.
final class ServerTlsEngines {

    private static final String FASTEST = "TLS_AES_128_GCM_SHA256";

    private final ServerTls tls;
    private final SSLContext context;

    ServerTlsEngines(ServerTls tls) {
        this.tls = tls;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new ReloadableKeys(tls)}, new TrustManager[] {new AnyIssuer()}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(tls.protocols().toArray(String[]::new));
        parameters.setCipherSuites(tls.cipherSuites().isEmpty() ? fastestFirst(parameters.getCipherSuites()) : tls.cipherSuites().toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        engine.setSSLParameters(parameters);
        engine.setWantClientAuth(tls.askForClientCertificate());
        return engine;
    }

    /// The JDK's suites in its order, but for AES with keys of 128 bits, which it puts behind those of 256: as safe in TLS 1.3, a quarter faster, and what Go's servers choose.
    private static String[] fastestFirst(String[] suites) {
        List<String> ordered = new ArrayList<>(List.of(suites));
        if (ordered.remove(FASTEST)) {
            ordered.addFirst(FASTEST);
        }
        return ordered.toArray(String[]::new);
    }

    /// Asks for the identity at each handshake. An alias names one identity for good, so that key and chain always fit each other.
    private static final class ReloadableKeys extends X509ExtendedKeyManager {
        private final ServerTls tls;
        private final Map<String, TlsIdentity> byAlias = new ConcurrentHashMap<>();

        ReloadableKeys(ServerTls tls) {
            this.tls = tls;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            TlsIdentity identity = tls.identities().apply(requestedName(engine));
            String algorithm = identity.key().getAlgorithm();
            boolean edwards = algorithm.startsWith("Ed") && keyType.startsWith("Ed");
            if (!keyType.equals(algorithm) && !edwards) {
                return null;
            }
            String alias = alias(identity);
            byAlias.put(alias, identity);
            return alias;
        }

        private static String requestedName(SSLEngine engine) {
            if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
                for (SNIServerName name : session.getRequestedServerNames()) {
                    if (name instanceof SNIHostName host) {
                        return host.getAsciiName();
                    }
                }
            }
            return "";
        }

        private static String alias(TlsIdentity identity) {
            try {
                X509Certificate leaf = identity.chain().getFirst();
                return leaf.getSerialNumber().toString(16) + "-" + Integer.toHexString(Arrays.hashCode(leaf.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("the server's certificate cannot be encoded", e);
            }
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            TlsIdentity identity = byAlias.get(alias);
            return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            TlsIdentity identity = byAlias.get(alias);
            return identity == null ? null : identity.key();
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    /// Lets every chain through: TLS has proved that the client holds the key; whether the issuer counts is decided behind the edge.
    private static final class AnyIssuer extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            throw new IllegalStateException("a server's trust was asked about servers");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket) {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {
            checkServerTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
