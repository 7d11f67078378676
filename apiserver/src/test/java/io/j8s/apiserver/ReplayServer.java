package io.j8s.apiserver;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import io.j8s.apiserver.resources.Resources;
import io.j8s.apiserver.security.Security;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import io.j8s.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An API server alone, for the recorded conversations: `ReplayServer PORT DIRECTORY|memory [PLUGIN,…]`. Token `t` is a cluster administrator's;
/// the plugins run besides the default ones.
public final class ReplayServer {

    private ReplayServer() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        Timeline timeline = Timeline.system();
        Path scratch = Files.createTempDirectory("replay-server");
        TlsIdentity identity = selfSigned(scratch);
        Store store = arguments[1].equals("memory") ? LocalStore.inMemory(timeline) : LocalStore.open(Path.of(arguments[1]), timeline);
        KeyPair keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        User administrator = new User("admin", "admin", List.of(User.MASTERS), Map.of());
        SecuritySettings security = SecuritySettings.DEFAULT
                .withTokens(Map.of("t", administrator, "admintoken", administrator))
                .withServiceAccounts(ServiceAccountKeys.of(keys.getPrivate(), keys.getPublic(), ServiceAccountKeys.DEFAULT_ISSUER))
                .withPlugins(arguments.length > 2 ? Set.of(arguments[2].split(",", -1)) : Set.of(), Set.of());
        ApiServerConfig config = new ApiServerConfig(
                "127.0.0.1", port, ServerTls.of(() -> identity), Resources.all(), Security.by(security), ApiServerConfig.DEFAULT_KEPT_JSON_BYTES);
        ApiServer server = ApiServer.start(config, store, timeline);
        System.out.println("serving https://127.0.0.1:" + server.port());
        Thread.currentThread().join();
    }

    static TlsIdentity selfSigned(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve("identity.p12");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "it", "-keyalg", "EC", "-dname", "CN=localhost",
                        "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "30", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", "changeit")
                .inheritIO()
                .start();
        process.waitFor();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        X509Certificate certificate = (X509Certificate) keys.getCertificate("it");
        return new TlsIdentity((PrivateKey) keys.getKey("it", "changeit".toCharArray()), List.of(certificate));
    }
}
