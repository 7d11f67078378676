package io.j8s.apiserver.resources.apiregistration;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apiregistration.v1.APIService;
import io.j8s.model.apiregistration.v1.APIServiceCondition;
import io.j8s.model.apiregistration.v1.APIServiceSpec;
import io.j8s.model.apiregistration.v1.APIServiceStatus;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/// `apiservices.apiregistration.k8s.io`
final class APIServices {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Set<String> STATUSES = Set.of("True", "False", "Unknown");
    private static final int DEFAULT_PORT = 443;
    private static final int HIGHEST_PORT = 65535;
    private static final int HIGHEST_GROUP_PRIORITY = 20_000;
    private static final int HIGHEST_VERSION_PRIORITY = 1000;

    private APIServices() {}

    static Resource<APIService> resource() {
        return Resource.of(APIService.RESOURCE)
                .storedAt("apiregistration.k8s.io/apiservices")
                .categories("api-extensions")
                .names(NameRule.PATH_SEGMENT)
                .updatesOnlyConditionally()
                .anyFinalizers()
                .defaults(APIServices::defaults)
                .prepareCreate(APIServices::prepareCreate)
                .rules(APIServices::rules)
                .status((service, old, errors) -> statusRules(service.status(), errors))
                .table(table -> table
                        .nameColumn()
                        .column("Service", "string", "The service that serves it.", (service, now) -> shownService(service.spec()))
                        .column("Available", "string", "Whether it can be reached.", (service, now) -> available(service.status()))
                        .ageColumn())
                .build();
    }

    private static APIService defaults(APIService service) {
        boolean complete = !service.spec().hasService() || service.spec().service().hasPort();
        return complete ? service : service.withSpec(s -> s.withService(reference -> reference.withPort(DEFAULT_PORT)));
    }

    /// What the server serves itself is there at once.
    private static APIService prepareCreate(APIService sent, WriteContext context) {
        if (sent.spec().hasService()) {
            return sent;
        }
        APIServiceCondition local = APIServiceCondition.EMPTY.withType("Available").withStatus("True").withReason("Local")
                .withMessage("Local APIServices are always available").withLastTransitionTime(context.now().truncatedTo(ChronoUnit.SECONDS));
        return sent.withStatus(APIServiceStatus.EMPTY.withConditions(List.of(local)));
    }

    private static void rules(APIService service, FieldErrors errors) {
        APIServiceSpec spec = service.spec();
        String name = service.metadata().name();
        String needed = spec.version() + "." + spec.group();
        if (Names.pathSegment(name).isEmpty() && !name.equals(needed)) {
            errors.invalid(FieldPath.of("metadata").child("name"), name, "must be `spec.version+\".\"+spec.group`: \"" + needed + "\"");
        }
        if (spec.group().isEmpty() && !spec.version().equals("v1")) {
            errors.required(SPEC.child("group"), "only v1 may have an empty group and it better be legacy kube");
        }
        if (!spec.group().isEmpty()) {
            Names.dnsSubdomain(spec.group()).forEach(problem -> errors.invalid(SPEC.child("group"), spec.group(), problem));
        }
        Names.dnsLabel1035(spec.version()).forEach(problem -> errors.invalid(SPEC.child("version"), spec.version(), problem));
        priority("groupPriorityMinimum", spec.groupPriorityMinimum(), HIGHEST_GROUP_PRIORITY, errors);
        priority("versionPriority", spec.versionPriority(), HIGHEST_VERSION_PRIORITY, errors);
        if (spec.hasService()) {
            remote(spec, errors);
        } else {
            local(spec, errors);
        }
    }

    private static void priority(String field, int value, int most, FieldErrors errors) {
        if (value <= 0 || value > most) {
            errors.invalid(SPEC.child(field), value, "must be positive and less than " + most);
        }
    }

    private static void local(APIServiceSpec spec, FieldErrors errors) {
        if (spec.caBundle().length() > 0) {
            errors.invalid(SPEC.child("caBundle"), spec.caBundle().length() + " bytes", "local APIServices may not have a caBundle");
        }
        if (spec.insecureSkipTLSVerify()) {
            errors.invalid(SPEC.child("insecureSkipTLSVerify"), true, "local APIServices may not have insecureSkipTLSVerify");
        }
    }

    private static void remote(APIServiceSpec spec, FieldErrors errors) {
        FieldPath path = SPEC.child("service");
        if (spec.service().namespace().isEmpty()) {
            errors.required(path.child("namespace"));
        }
        if (spec.service().name().isEmpty()) {
            errors.required(path.child("name"));
        }
        int port = spec.service().port();
        if (port < 1 || port > HIGHEST_PORT) {
            errors.invalid(path.child("port"), port, "port is not valid: must be between 1 and 65535, inclusive");
        }
        if (spec.insecureSkipTLSVerify() && spec.caBundle().length() > 0) {
            errors.invalid(SPEC.child("insecureSkipTLSVerify"), true, "may not be true if caBundle is present");
        }
    }

    private static void statusRules(APIServiceStatus status, FieldErrors errors) {
        for (int i = 0; i < status.conditions().size(); i++) {
            String value = status.conditions().get(i).status();
            if (!STATUSES.contains(value)) {
                errors.notSupported(FieldPath.of("status").child("conditions").index(i).child("status"), value, STATUSES);
            }
        }
    }

    private static String shownService(APIServiceSpec spec) {
        return spec.hasService() ? spec.service().namespace() + "/" + spec.service().name() : "Local";
    }

    private static String available(APIServiceStatus status) {
        for (APIServiceCondition condition : status.conditions()) {
            if (condition.type().equals("Available")) {
                return condition.status().equals("True") ? "True" : condition.status() + " (" + condition.reason() + ")";
            }
        }
        return "Unknown";
    }
}
