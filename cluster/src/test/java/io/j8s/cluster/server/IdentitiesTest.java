package io.j8s.cluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.cluster.host.DataDirectory;
import io.j8s.controllers.Controllers;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.Service;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.rbac.v1.ClusterRoleBinding;
import io.j8s.model.rbac.v1.RoleRef;
import io.j8s.runtime.Timeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the components of one process may not do, each under the identity that it works with.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentitiesTest {
    private static final Patch LABEL = new Patch.Merge("{\"metadata\":{\"labels\":{\"mine\":\"yes\"}}}");
    private static final Secret SECRET = Secret.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("password"));
    private static final WriteOptions STATUS = WriteOptions.NONE.onSubresource("status");
    private Server server;
    private Client admin;

    IdentitiesTest(@TempDir Path folder) {
        DataDirectory directory = new DataDirectory(folder.resolve("data"));
        directory.prepare();
        server = Server.start(new ServerSettings(directory, false, "127.0.0.1", 0, Set.of(), Networks.DEFAULT, new NodeMode.Simulated(2), "node"), Timeline.system(), Progress.NONE);
        admin = server.admin();
    }

    @BeforeAll
    void objects() {
        admin.create(Secret.RESOURCE, "default", SECRET);
        admin.create(Pod.RESOURCE, "default", pod("elsewhere", "node-1"));
    }

    @AfterAll
    void close() {
        server.close();
    }

    private static Pod pod(String name, String node) {
        return Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name))
                .withSpec(PodSpec.EMPTY.withNodeName(node).withContainers(List.of(Container.EMPTY.withName("one").withImage("registry.example/one:1"))));
    }

    private static void refused(ThrowingCallable act) {
        assertThatThrownBy(act).isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(403));
    }

    @Test
    void noControllerMayGiveItselfRights() {
        ClusterRoleBinding toAdmin = ClusterRoleBinding.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("mine"))
                .withRoleRef(RoleRef.EMPTY.withApiGroup("rbac.authorization.k8s.io").withKind("ClusterRole").withName("cluster-admin"));
        for (Controllers.Entry controller : Controllers.LIST) {
            refused(() -> server.identities().controller(controller.account()).create(ClusterRoleBinding.RESOURCE, "", toAdmin));
        }
    }

    @Test
    void aControllerWritesOnlyWhatItControls() {
        Client deployments = server.identities().controller("deployment-controller");
        refused(() -> deployments.create(Pod.RESOURCE, "default", pod("one", "")));
        refused(() -> deployments.list(Secret.RESOURCE, "default"));
        Client jobs = server.identities().controller("job-controller");
        refused(() -> jobs.patch(Node.RESOURCE, "", "node-0", LABEL, WriteOptions.NONE));
        Client garbage = server.identities().controller("generic-garbage-collector");
        refused(() -> garbage.create(Pod.RESOURCE, "default", pod("one", "")));
        Client accounts = server.identities().controller("service-account-controller");
        refused(() -> accounts.get(Secret.RESOURCE, "default", "password"));
    }

    @Test
    void theManagerReadsAllButWritesLittle() {
        Client manager = server.identities().component("system:kube-controller-manager");
        assertThat(manager.list(Pod.RESOURCE, "")).isNotEmpty();
        refused(() -> manager.create(Pod.RESOURCE, "default", pod("one", "")));
        refused(() -> manager.delete(Pod.RESOURCE, "default", "elsewhere", DeleteOptions.DEFAULT));
    }

    @Test
    void theSchedulerBindsButDoesNotCreate() {
        Client scheduler = server.identities().component("system:kube-scheduler");
        assertThat(scheduler.list(Pod.RESOURCE, "")).isNotEmpty();
        refused(() -> scheduler.list(Secret.RESOURCE, ""));
        refused(() -> scheduler.create(Pod.RESOURCE, "default", pod("one", "")));
        refused(() -> scheduler.patch(Node.RESOURCE, "", "node-0", LABEL, WriteOptions.NONE));
    }

    @Test
    void aNodeSeesAndChangesOnlyItsOwn() {
        Client node = server.identities().node("node-0");
        assertThat(node.get(Node.RESOURCE, "", "node-0").metadata().name()).isEqualTo("node-0");
        refused(() -> node.get(Node.RESOURCE, "", "node-1"));
        refused(() -> node.patch(Node.RESOURCE, "", "node-1", LABEL, STATUS));
        assertThat(node.list(Pod.RESOURCE, "", ListOptions.fields("spec.nodeName=node-0")).items()).isEmpty();
        refused(() -> node.list(Pod.RESOURCE, "", ListOptions.fields("spec.nodeName=node-1")));
        refused(() -> node.list(Pod.RESOURCE, ""));
        refused(() -> node.delete(Pod.RESOURCE, "default", "elsewhere", DeleteOptions.DEFAULT));
        refused(() -> node.get(Secret.RESOURCE, "default", "password"));
        refused(() -> node.create(Pod.RESOURCE, "default", pod("one", "node-0")));
    }

    @Test
    void theSimulationSeesPodsAndNothingElse() {
        Client simulation = server.identities().component(ClusterObjects.SIMULATION_USER);
        assertThat(simulation.list(Pod.RESOURCE, "")).isNotEmpty();
        refused(() -> simulation.patch(Pod.RESOURCE, "default", "elsewhere", LABEL, STATUS));
        refused(() -> simulation.list(Node.RESOURCE, ""));
        refused(() -> simulation.list(ConfigMap.RESOURCE, ""));
    }

    @Test
    void theNetworkReadsServicesAndPublishesOnlyItsOwn() {
        Client proxy = server.identities().component("system:kube-proxy");
        assertThat(proxy.list(Service.RESOURCE, "")).isNotNull();
        refused(() -> proxy.list(Pod.RESOURCE, ""));
        refused(() -> proxy.create(EndpointSlice.RESOURCE, "default", EndpointSlice.EMPTY));
        Client dns = server.identities().serviceAccount(ClusterObjects.DNS_ACCOUNT, "cluster-dns");
        assertThat(dns.list(EndpointSlice.RESOURCE, "")).isNotNull();
        refused(() -> dns.list(Secret.RESOURCE, ""));
        refused(() -> dns.list(Node.RESOURCE, ""));
        Client publisher = server.identities().component(ClusterObjects.DNS_PUBLISHER);
        refused(() -> publisher.create(Service.RESOURCE, "default", Service.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("mine"))));
        refused(() -> publisher.delete(Service.RESOURCE, "kube-system", "kube-dns", DeleteOptions.DEFAULT));
    }
}
