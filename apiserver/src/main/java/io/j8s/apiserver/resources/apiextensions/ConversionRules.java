package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apiextensions.v1.CustomResourceConversion;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.j8s.model.apiextensions.v1.ServiceReference;
import io.j8s.model.apiextensions.v1.WebhookClientConfig;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for how a definition converts between its versions.
final class ConversionRules {

    private static final FieldPath PATH = FieldPath.of("spec").child("conversion");
    private static final FieldPath CLIENT = PATH.child("webhookClientConfig");
    private static final Set<String> STRATEGIES = Set.of("None", "Webhook");
    private static final Set<String> REVIEWS = Set.of("v1", "v1beta1");
    private static final int HIGHEST_PORT = 65535;

    private ConversionRules() {}

    static void check(CustomResourceDefinitionSpec spec, @Nullable CustomResourceDefinition old, FieldErrors errors) {
        if (!spec.hasConversion()) {
            return;
        }
        CustomResourceConversion conversion = spec.conversion();
        if (!conversion.strategy().equals("None") && spec.preserveUnknownFields()) {
            errors.invalid(PATH.child("strategy"), conversion.strategy(), "must be None if spec.preserveUnknownFields is true");
        }
        if (conversion.strategy().isEmpty()) {
            errors.required(PATH.child("strategy"));
        } else if (!STRATEGIES.contains(conversion.strategy())) {
            errors.notSupported(PATH.child("strategy"), conversion.strategy(), STRATEGIES);
        }
        if (conversion.strategy().equals("Webhook")) {
            webhook(conversion, old, errors);
            return;
        }
        if (conversion.webhook().hasClientConfig()) {
            errors.forbidden(CLIENT, "should not be set when strategy is not set to Webhook");
        }
        if (!conversion.webhook().conversionReviewVersions().isEmpty()) {
            errors.forbidden(PATH.child("conversionReviewVersions"), "should not be set when strategy is not set to Webhook");
        }
    }

    private static void webhook(CustomResourceConversion conversion, @Nullable CustomResourceDefinition old, FieldErrors errors) {
        if (!conversion.webhook().hasClientConfig()) {
            errors.required(CLIENT, "required when strategy is set to Webhook");
        } else {
            client(conversion.webhook().clientConfig(), old, errors);
        }
        reviews(conversion.webhook().conversionReviewVersions(), old, errors);
    }

    private static void client(WebhookClientConfig client, @Nullable CustomResourceDefinition old, FieldErrors errors) {
        if (client.hasUrl() == client.hasService()) {
            errors.required(CLIENT, "exactly one of url or service is required");
        } else if (client.hasUrl()) {
            url(client.url(), errors);
        } else {
            service(client.service(), errors);
        }
        byte[] bundle = client.caBundle().toArray();
        boolean strict = old != null && Conditions.isTrue(old, Conditions.ESTABLISHED) && isBundle(old.spec().conversion().webhook().clientConfig().caBundle().toArray());
        if (bundle.length > 0 && strict && !isBundle(bundle)) {
            errors.invalid(CLIENT.child("caBundle"), bundle.length + " bytes", "must hold certificates in PEM");
        }
    }

    private static boolean isBundle(byte[] bytes) {
        if (bytes.length == 0) {
            return true;
        }
        try {
            return !CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)).isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private static void url(String text, FieldErrors errors) {
        FieldPath path = CLIENT.child("url");
        String form = "; desired format: https://host[/path]";
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            errors.required(path, "url must be a valid URL: " + e.getMessage() + form);
            return;
        }
        if (!"https".equals(url.getScheme())) {
            errors.invalid(path, String.valueOf(url.getScheme()), "'https' is the only allowed URL scheme" + form);
        }
        if (url.getRawAuthority() == null) {
            errors.invalid(path, "", "host must be specified" + form);
        }
        if (url.getRawUserInfo() != null) {
            errors.invalid(path, "", "user information is not permitted in the URL");
        }
        if (url.getRawFragment() != null && !url.getRawFragment().isEmpty()) {
            errors.invalid(path, url.getRawFragment(), "fragments are not permitted in the URL");
        }
        if (url.getRawQuery() != null && !url.getRawQuery().isEmpty()) {
            errors.invalid(path, url.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    /// Upstream takes the one for the other: a missing name is reported at `namespace`, and the other way round. Clients see causes by field, so they stay.
    private static void service(ServiceReference service, FieldErrors errors) {
        FieldPath path = CLIENT.child("service");
        if (service.namespace().isEmpty()) {
            errors.required(path.child("name"));
        }
        if (service.name().isEmpty()) {
            errors.required(path.child("namespace"));
        }
        if (service.port() < 1 || service.port() > HIGHEST_PORT) {
            errors.invalid(path.child("port"), service.port(), "port is not valid: must be between 1 and 65535, inclusive");
        }
        if (service.hasPath()) {
            servicePath(service.path(), path.child("path"), errors);
        }
    }

    private static void servicePath(String text, FieldPath path, FieldErrors errors) {
        if (text.isEmpty() || text.equals("/")) {
            return;
        }
        if (text.equals("//")) {
            errors.invalid(path, text, "segment[0] may not be empty");
            return;
        }
        if (!text.startsWith("/")) {
            errors.invalid(path, text, "must start with a '/'");
        }
        String rest = text.substring(1);
        List<String> segments = List.of((rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest).split("/", -1));
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).isEmpty()) {
                errors.invalid(path, text, "segment[" + i + "] may not be empty");
                continue;
            }
            for (String problem : Names.dnsSubdomain(segments.get(i))) {
                errors.invalid(path, text, "segment[" + i + "]: " + problem);
            }
        }
    }

    private static void reviews(List<String> versions, @Nullable CustomResourceDefinition old, FieldErrors errors) {
        FieldPath path = PATH.child("conversionReviewVersions");
        if (versions.isEmpty()) {
            errors.required(path);
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < versions.size(); i++) {
            if (!seen.add(versions.get(i))) {
                errors.invalid(path.index(i), versions.get(i), "duplicate version");
                continue;
            }
            for (String problem : Names.dnsLabel1035(versions.get(i))) {
                errors.invalid(path.index(i), versions.get(i), problem);
            }
        }
        List<String> before = old == null ? List.of() : old.spec().conversion().webhook().conversionReviewVersions();
        boolean tolerated = !before.isEmpty() && before.stream().noneMatch(REVIEWS::contains);
        if (!tolerated && versions.stream().noneMatch(REVIEWS::contains)) {
            errors.invalid(path, versions, "must include at least one of v1, v1beta1");
        }
    }
}
