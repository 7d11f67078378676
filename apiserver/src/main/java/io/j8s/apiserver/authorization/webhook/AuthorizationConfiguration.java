package io.j8s.apiserver.authorization.webhook;

import io.j8s.apiserver.cel.CelEnvironment;
import io.j8s.apiserver.cel.CelException;
import io.j8s.apiserver.cel.CelExpression;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.Document;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An AuthorizationConfiguration file (`--authorization-config`, apiserver.config.k8s.io v1 and v1beta1, KEP-3221): which authorizers are asked, in order.
public record AuthorizationConfiguration(List<Entry> authorizers) {

    private static final List<String> TYPES = List.of("ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration ALLOWED_LIFE = Duration.ofMinutes(5);
    private static final Duration REFUSED_LIFE = Duration.ofSeconds(30);
    private static final int MOST_CONDITIONS = 64;
    private static final CelEnvironment CONDITIONS = CelEnvironment.of("request");

    /// @param type `Node`, `RBAC`, `ABAC`, `Webhook`, `AlwaysAllow`, `AlwaysDeny`
    /// @param webhook null when it is none
    public record Entry(String type, String name, @Nullable Webhook webhook) {}

    /// @param source what it was read from: two that are equal are the same webhook
    /// @param kubeconfig null: the API server itself
    public record Webhook(Map<?, ?> source, @Nullable Path kubeconfig, Duration timeout, WebhookAuthorizer.Settings settings) {}

    public AuthorizationConfiguration {
        authorizers = List.copyOf(authorizers);
    }

    /// @throws ConfigurationException naming the field that is wrong
    public static AuthorizationConfiguration parse(byte[] file) {
        Document document = Document.of(file, "AuthorizationConfiguration", "apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1");
        List<Entry> entries = new ArrayList<>();
        Set<String> types = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Document authorizer : document.objects("authorizers")) {
            Entry entry = entry(authorizer);
            if (!types.add(entry.type) && !entry.type.equals("Webhook")) {
                throw new ConfigurationException(authorizer.path("type") + ": Duplicate value: \"" + entry.type + "\"");
            }
            if (!names.add(entry.name)) {
                throw new ConfigurationException(authorizer.path("name") + ": Duplicate value: \"" + entry.name + "\"");
            }
            entries.add(entry);
        }
        if (entries.isEmpty()) {
            throw new ConfigurationException("authorizers: Required value: at least one authorization mode must be defined");
        }
        document.end();
        return new AuthorizationConfiguration(entries);
    }

    private static Entry entry(Document document) {
        String type = required(document, "type", TYPES);
        String name = document.text("name");
        if (name.isEmpty()) {
            throw new ConfigurationException(document.path("name") + ": Required value: a name that tells it apart");
        }
        if (!NAME.matcher(name).matches() || name.length() > 253) {
            throw new ConfigurationException(document.path("name") + ": Invalid value: \"" + name + "\": authorizer name is invalid: a lowercase RFC 1123 subdomain must consist of "
                    + "lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character");
        }
        boolean isWebhook = type.equals("Webhook");
        if (isWebhook != document.has("webhook")) {
            throw new ConfigurationException(document.path("webhook") + (isWebhook ? ": Required value: required when type=Webhook" : ": Invalid value: \"non-null\": may only be specified when type=Webhook"));
        }
        Webhook webhook = isWebhook ? webhook(document.object("webhook")) : null;
        document.end();
        return new Entry(type, name, webhook);
    }

    private static String required(Document document, String name, List<String> supported) {
        String value = document.text(name);
        if (value.isEmpty()) {
            throw new ConfigurationException(document.path(name) + ": Required value: one of " + supported);
        }
        if (!supported.contains(value)) {
            throw new ConfigurationException(document.path(name) + ": Unsupported value: \"" + value + "\": supported values: "
                    + String.join(", ", supported.stream().map(one -> "\"" + one + "\"").toList()));
        }
        return value;
    }

    private static Webhook webhook(Document document) {
        Duration timeout = document.duration("timeout");
        if (timeout == null || timeout.isZero()) {
            throw new ConfigurationException(document.path("timeout") + ": Required value: such as 3s");
        }
        if (timeout.isNegative() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new ConfigurationException(document.path("timeout") + ": Invalid value: \"" + timeout + "\": must be > 0s and <= 30s");
        }
        Duration allowed = life(document, "authorizedTTL", "cacheAuthorizedRequests", ALLOWED_LIFE);
        Duration refused = life(document, "unauthorizedTTL", "cacheUnauthorizedRequests", REFUSED_LIFE);
        String version = required(document, "subjectAccessReviewVersion", List.of("v1", "v1beta1"));
        boolean deny = required(document, "failurePolicy", List.of("Deny", "NoOpinion")).equals("Deny");
        Path kubeconfig = connection(document.object("connectionInfo"));
        List<CelExpression> conditions = conditions(document);
        document.end();
        return new Webhook(document.members(), kubeconfig, timeout, new WebhookAuthorizer.Settings(version, allowed, refused, deny, conditions));
    }

    /// How long answers are remembered; zero when they are not to be.
    private static Duration life(Document document, String name, String flag, Duration otherwise) {
        Duration life = document.duration(name);
        boolean kept = !document.has(flag) || document.flag(flag);
        if (life != null && life.isNegative()) {
            throw new ConfigurationException(document.path(name) + ": Invalid value: \"" + life + "\": must be > 0s");
        }
        return !kept ? Duration.ZERO : life == null || life.isZero() ? otherwise : life;
    }

    private static @Nullable Path connection(Document document) {
        String type = required(document, "type", List.of("InClusterConfig", "KubeConfigFile"));
        String file = document.text("kubeConfigFile");
        document.end();
        String at = document.path("kubeConfigFile");
        if (type.equals("InClusterConfig")) {
            if (!file.isEmpty()) {
                throw new ConfigurationException(at + ": Invalid value: \"" + file + "\": can only be set when type=KubeConfigFile");
            }
            return null;
        }
        if (file.isEmpty()) {
            throw new ConfigurationException(at + ": Required value: the absolute path of a kubeconfig");
        }
        Path path = Path.of(file);
        if (!path.isAbsolute()) {
            throw new ConfigurationException(at + ": Invalid value: \"" + file + "\": must be an absolute path");
        }
        if (!Files.isRegularFile(path)) {
            throw new ConfigurationException(at + ": Invalid value: \"" + file + "\": " + (Files.exists(path) ? "must be a regular file" : "error loading file: there is none"));
        }
        return path;
    }

    private static List<CelExpression> conditions(Document document) {
        List<CelExpression> conditions = new ArrayList<>();
        List<Document> given = document.objects("matchConditions");
        String version = document.text("matchConditionSubjectAccessReviewVersion");
        if (!given.isEmpty() && version.isEmpty()) {
            throw new ConfigurationException(document.path("matchConditionSubjectAccessReviewVersion") + ": Required value: required if match conditions are specified");
        }
        if (!version.isEmpty() && !version.equals("v1")) {
            throw new ConfigurationException(document.path("matchConditionSubjectAccessReviewVersion") + ": Unsupported value: \"" + version + "\": supported values: \"v1\"");
        }
        if (given.size() > MOST_CONDITIONS) {
            throw new ConfigurationException(document.path("matchConditions") + ": Too many: " + given.size() + ": must have at most " + MOST_CONDITIONS + " items");
        }
        Set<String> seen = new HashSet<>();
        for (Document condition : given) {
            String expression = condition.text("expression");
            condition.end();
            if (expression.isBlank()) {
                throw new ConfigurationException(condition.path("expression") + ": Required value: an expression about the request");
            }
            if (!seen.add(expression)) {
                throw new ConfigurationException(condition.path("expression") + ": Duplicate value: \"" + expression + "\"");
            }
            conditions.add(condition(condition.path("expression"), expression));
        }
        return conditions;
    }

    private static CelExpression condition(String path, String expression) {
        try {
            return CONDITIONS.compile(expression, CelEnvironment.Result.BOOL);
        } catch (CelException e) {
            throw new ConfigurationException(path + ": Invalid value: \"" + expression + "\": " + e.why(), e);
        }
    }
}
