package io.j8s.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;

/// `authorizer.group('apps').resource('deployments').namespace('x').check('create').allowed()` and its like.
final class AuthorizerFunctions {

    private static final OpaqueType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");
    private static final OpaqueType PATH = OpaqueType.create("kubernetes.authorization.PathCheck");
    private static final OpaqueType GROUP = OpaqueType.create("kubernetes.authorization.GroupCheck");
    private static final OpaqueType RESOURCE = OpaqueType.create("kubernetes.authorization.ResourceCheck");
    private static final OpaqueType DECISION = OpaqueType.create("kubernetes.authorization.Decision");

    private AuthorizerFunctions() {}

    /// The type of the variables `authorizer` and `authorizer.requestResource`.
    static CelType typeOf(String variable) {
        return variable.equals("authorizer") ? AUTHORIZER : RESOURCE;
    }

    static void addTo(Functions f) {
        f.member("path", "k8s_authorizer_path", PATH, args -> ((CelAuthorizer) args[0]).path((String) args[1]), AUTHORIZER, SimpleType.STRING);
        f.member("group", "k8s_authorizer_group", GROUP, args -> ((CelAuthorizer) args[0]).group((String) args[1]), AUTHORIZER, SimpleType.STRING);
        f.member("serviceAccount", "k8s_authorizer_service_account", AUTHORIZER,
                args -> ((CelAuthorizer) args[0]).serviceAccount((String) args[1], (String) args[2]), AUTHORIZER, SimpleType.STRING, SimpleType.STRING);
        f.member("resource", "k8s_group_resource", RESOURCE, args -> ((CelAuthorizer) args[0]).resource((String) args[1]), GROUP, SimpleType.STRING);
        f.member("subresource", "k8s_resource_subresource", RESOURCE, args -> ((CelAuthorizer) args[0]).subresource((String) args[1]), RESOURCE, SimpleType.STRING);
        f.member("namespace", "k8s_resource_namespace", RESOURCE, args -> ((CelAuthorizer) args[0]).namespace((String) args[1]), RESOURCE, SimpleType.STRING);
        f.member("name", "k8s_resource_name", RESOURCE, args -> ((CelAuthorizer) args[0]).name((String) args[1]), RESOURCE, SimpleType.STRING);
        f.member("fieldSelector", "k8s_resource_field_selector", RESOURCE, args -> ((CelAuthorizer) args[0]).fieldSelector((String) args[1]), RESOURCE, SimpleType.STRING);
        f.member("labelSelector", "k8s_resource_label_selector", RESOURCE, args -> ((CelAuthorizer) args[0]).labelSelector((String) args[1]), RESOURCE, SimpleType.STRING);
        f.member("check", "k8s_path_check", DECISION, args -> ((CelAuthorizer) args[0]).check((String) args[1]), PATH, SimpleType.STRING);
        f.member("check", "k8s_resource_check", DECISION, args -> ((CelAuthorizer) args[0]).check((String) args[1]), RESOURCE, SimpleType.STRING);
        f.member("allowed", "k8s_decision_allowed", SimpleType.BOOL, args -> ((CelAuthorizer) args[0]).allowed(), DECISION);
        f.member("reason", "k8s_decision_reason", SimpleType.STRING, args -> ((CelAuthorizer) args[0]).asked().reason(), DECISION);
        f.member("errored", "k8s_decision_errored", SimpleType.BOOL, args -> false, DECISION);
        f.member("error", "k8s_decision_error", SimpleType.STRING, args -> "", DECISION);
    }
}
