package io.j8s.apiserver.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.Yaml;
import io.j8s.model.certificates.v1.CertificateSigningRequest;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.rbac.v1.RoleBinding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the declarations of kinds say of objects: defaults, and what is wrong with them.
final class DeclaredKindsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rbac.authorization.k8s.io/v1 | Role               | {rules: [{verbs: [get]}]}                                   | rules[0].apiGroups rules[0].resources
            rbac.authorization.k8s.io/v1 | Role               | {rules: [{verbs: [get], nonResourceURLs: [/x]}]}            | rules[0].nonResourceURLs
            rbac.authorization.k8s.io/v1 | ClusterRole        | {rules: [{verbs: [get], nonResourceURLs: [/x]}]}            | ''
            rbac.authorization.k8s.io/v1 | ClusterRole        | {aggregationRule: {}}                                       | aggregationRule.clusterRoleSelectors
            rbac.authorization.k8s.io/v1 | ClusterRoleBinding | {roleRef: {kind: Role, name: r}}                            | roleRef.kind
            rbac.authorization.k8s.io/v1 | RoleBinding        | {roleRef: {kind: Role, name: r}, subjects: [{kind: Dog, name: d}]} | subjects[0].kind
            coordination.k8s.io/v1       | Lease              | {spec: {leaseDurationSeconds: 0, leaseTransitions: -1}}     | spec.leaseDurationSeconds spec.leaseTransitions
            discovery.k8s.io/v1          | EndpointSlice      | {addressType: IPv4, endpoints: [{addresses: [127.0.0.1]}]}  | endpoints[0].addresses[0]
            discovery.k8s.io/v1          | EndpointSlice      | {addressType: IPv4, endpoints: [{addresses: ['2001:db8::1']}]} | endpoints[0].addresses
            discovery.k8s.io/v1          | EndpointSlice      | {addressType: IPv6, ports: [{name: a}, {name: a}], endpoints: []} | ports[1].name
            scheduling.k8s.io/v1         | PriorityClass      | {value: 1000000001}                                         | value
            storage.k8s.io/v1            | StorageClass       | {provisioner: a b, volumeBindingMode: Never}                | provisioner volumeBindingMode
            storage.k8s.io/v1            | CSINode            | {spec: {drivers: [{name: d, nodeID: ''}]}}                  | spec.drivers[0].nodeID
            storage.k8s.io/v1            | VolumeAttachment   | {spec: {attacher: a, nodeName: m, source: {}}}              | spec.source
            networking.k8s.io/v1         | Ingress            | {spec: {}}                                                  | spec
            networking.k8s.io/v1         | NetworkPolicy      | {spec: {ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}}]}]}} | spec.ingress[0].from[0].ipBlock.except[0]
            networking.k8s.io/v1         | ServiceCIDR        | {spec: {cidrs: [10.0.0.0/24, 10.1.0.0/24]}}                 | spec.cidrs
            networking.k8s.io/v1         | IngressClass       | {spec: {controller: nodomain}}                              | spec.controller
            flowcontrol.apiserver.k8s.io/v1 | FlowSchema      | {spec: {matchingPrecedence: 1, priorityLevelConfiguration: {name: p}}} | spec.matchingPrecedence
            resource.k8s.io/v1           | ResourceClaim      | {spec: {devices: {requests: [{name: r}]}}}                  | spec.devices.requests[0]
            resource.k8s.io/v1           | ResourceSlice      | {spec: {driver: d, pool: {name: p, resourceSliceCount: 1}}} | spec
            """)
    void what_is_wrong_with_an_object_is_told_by_its_field(String apiVersion, String kind, String fields, String wrong) {
        assertThat(String.join(" ", wrongFields(accepted(apiVersion, kind, fields)))).isEqualTo(wrong);
    }

    @Test
    void a_webhook_gets_every_default_and_must_say_what_it_does_besides() {
        Struct object = accepted("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", """
                {webhooks: [{name: a.example.com, admissionReviewVersions: [v1], clientConfig: {service: {name: s, namespace: t}}}]}""");

        assertThat(json(object)).contains("\"failurePolicy\":\"Fail\"", "\"matchPolicy\":\"Equivalent\"", "\"timeoutSeconds\":10", "\"port\":443");
        assertThat(wrongFields(object)).containsExactly("webhooks[0].sideEffects");
    }

    @Test
    void ports_of_slices_are_of_tcp_and_have_empty_names() {
        EndpointSlice slice = (EndpointSlice) accepted("discovery.k8s.io/v1", "EndpointSlice", "{addressType: IPv4, endpoints: [], ports: [{port: 80}]}");

        assertThat(slice.ports().getFirst().protocol()).isEqualTo("TCP");
        assertThat(slice.ports().getFirst().hasName()).isTrue();
    }

    @Test
    void users_and_groups_are_of_the_group_of_roles() {
        RoleBinding binding = (RoleBinding) accepted(
                "rbac.authorization.k8s.io/v1", "RoleBinding", "{roleRef: {kind: Role, name: r}, subjects: [{kind: User, name: u}, {kind: ServiceAccount, name: s}]}");

        assertThat(binding.roleRef().apiGroup()).isEqualTo("rbac.authorization.k8s.io");
        assertThat(binding.subjects()).extracting(subject -> subject.apiGroup()).containsExactly("rbac.authorization.k8s.io", "");
    }

    @Test
    void the_role_of_a_binding_stays() {
        String role = "{roleRef: {kind: Role, name: %s}}";

        assertThat(wrongChange(accepted("rbac.authorization.k8s.io/v1", "RoleBinding", role.formatted("a")), accepted("rbac.authorization.k8s.io/v1", "RoleBinding", role.formatted("b"))))
                .containsExactly("roleRef");
    }

    @Test
    void the_value_of_a_priority_stays() {
        assertThat(wrongChange(accepted("scheduling.k8s.io/v1", "PriorityClass", "{value: 1}"), accepted("scheduling.k8s.io/v1", "PriorityClass", "{value: 2}")))
                .containsExactly("value");
    }

    @Test
    void an_event_written_by_its_newer_name_is_held_to_stricter_rules() {
        String event = "{metadata: {name: x, namespace: default}, %s: {kind: Pod, namespace: default, name: p}}";

        assertThat(wrongInVersion("events.k8s.io/v1", event.formatted("regarding"))).containsExactly("eventTime", "type");
        assertThat(wrongInVersion("v1", event.formatted("involvedObject"))).isEmpty();
    }

    @Test
    void a_request_that_is_none_is_refused() {
        CertificateSigningRequest csr = (CertificateSigningRequest) accepted("certificates.k8s.io/v1", "CertificateSigningRequest",
                "{spec: {request: bm90aGluZw==, signerName: example.com/x, usages: [client auth]}}");

        assertThat(wrongFields(csr)).containsExactly("spec.request");
    }

    @Test
    void leases_can_be_made_by_put_and_name_what_they_replace() {
        Resource<?> leases = resource(Lease.TYPE.toString());

        assertThat(leases.createsOnUpdate()).isTrue();
        assertThat(leases.updatesUnconditionally()).isFalse();
    }

    private static String json(Struct object) {
        return new String(Json.write(object), StandardCharsets.UTF_8);
    }

    private static Version<?, ?> version(String apiVersion, String kind) {
        return Resources.all().stream()
                .flatMap(resource -> resource.versions().stream())
                .filter(v -> v.resource().kind().equals(kind) && v.resource().apiVersion().equals(apiVersion))
                .findFirst()
                .orElseThrow();
    }

    private static Resource<?> resource(String type) {
        return Resources.all().stream().filter(r -> r.hub().type().toString().equals(type)).findFirst().orElseThrow();
    }

    private static Struct accepted(String apiVersion, String kind, String fields) {
        Version<?, ?> version = version(apiVersion, kind);
        return version.accept(Yaml.read(version.resource().type(), fields));
    }

    private static List<String> wrongFields(Struct object) {
        return wrongFields(resource(object.structType().toString()), object);
    }

    private static <T extends Struct> List<String> wrongFields(Resource<T> resource, Struct object) {
        FieldErrors errors = new FieldErrors();
        resource.validateCreate(resource.cast(object), errors);
        return errors.list().stream().map(error -> error.field()).toList();
    }

    private static List<String> wrongChange(Struct old, Struct object) {
        return wrongChange(resource(object.structType().toString()), old, object);
    }

    private static <T extends Struct> List<String> wrongChange(Resource<T> resource, Struct old, Struct object) {
        FieldErrors errors = new FieldErrors();
        resource.validateUpdate(resource.cast(object), resource.cast(old), errors);
        return errors.list().stream().map(error -> error.field()).toList();
    }

    private static List<String> wrongInVersion(String apiVersion, String fields) {
        return wrongInVersion(version(apiVersion, "Event"), fields);
    }

    private static <T extends Struct> List<String> wrongInVersion(Version<T, ?> version, String fields) {
        FieldErrors errors = new FieldErrors();
        T event = version.accept(Yaml.read(version.resource().type(), fields));
        assertThat(Objects.metadata(event).namespace()).isEqualTo("default");
        version.rules().check(event, null, errors);
        return errors.list().stream().map(error -> error.field()).toList();
    }
}
