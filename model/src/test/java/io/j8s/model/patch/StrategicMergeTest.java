package io.j8s.model.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.Json;
import io.j8s.model.Struct;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class StrategicMergeTest {

    private Deployment live = (Deployment) Json.read(Deployment.TYPE, json("{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'app':'x'}},"
            + "'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}},"
            + "'template':{'metadata':{'labels':{'app':'x'}},'spec':{'containers':[{'name':'a','image':'i:1','env':[{'name':'E','value':'1'},{'name':'F','value':'2'}],"
            + "'ports':[{'containerPort':80}]},{'name':'b','image':'i:2'}]}}}}"));

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static byte[] bytes(String text) {
        return json(text).getBytes(StandardCharsets.UTF_8);
    }

    private Deployment patch(String patch) {
        live = (Deployment) Patches.strategic(live, bytes(patch), text -> {
            throw new AssertionError(text);
        });
        return live;
    }

    private PodSpec pod(String patch) {
        return patch("{'spec':{'template':{'spec':" + patch + "}}}").spec().template().spec();
    }

    private String containers(String list) {
        return pod("{'containers':" + list + "}").containers().stream().map(c -> c.name() + "=" + c.image()).collect(Collectors.joining(" "));
    }

    private Container first(String container) {
        return pod("{'containers':[" + container + "]}").containers().stream().filter(c -> c.name().equals("a")).findFirst().orElseThrow();
    }

    private void malformed(String patch) {
        assertThatThrownBy(() -> patch(patch)).as(patch)
                .isInstanceOfSatisfying(PatchException.class, e -> assertThat(e.kind()).isEqualTo(PatchException.Kind.MALFORMED));
    }

    @Test
    void elementsMergeByTheirKey() {
        assertThat(containers("[{'name':'b','image':'i:9'}]")).isEqualTo("a=i:1 b=i:9");
        assertThat(containers("[{'name':'new','image':'i:3'}]")).isEqualTo("new=i:3 a=i:1 b=i:9");
        assertThat(containers("[{'name':'a','image':null}]")).isEqualTo("new=i:3 a= b=i:9");
        malformed("{'spec':{'template':{'spec':{'containers':[{'image':'i:4'}]}}}}");
        malformed("{'spec':{'template':{'spec':{'containers':[1]}}}}");
    }

    @Test
    void aListIsReplacedByDirective() {
        assertThat(containers("[{'name':'z','image':'i:7'},{'$patch':'replace'}]")).isEqualTo("z=i:7");
        assertThat(containers("[{'$patch':'replace'},{'name':'y','image':'i:7'}]")).isEqualTo("y=i:7");
        assertThat(containers("[{'$patch':'replace'}]")).isEmpty();
    }

    @Test
    void nestedListsMergeToo() {
        assertThat(first("{'name':'a','env':[{'name':'E','value':'9'},{'name':'G','value':'3'}]}").env()).extracting(e -> e.name() + e.value()).containsExactly("E9", "G3", "F2");
        assertThat(first("{'name':'a','env':[{'name':'F','$patch':'delete'}]}").env()).extracting(e -> e.name()).containsExactly("E", "G");
        assertThat(first("{'name':'a','env':[{'name':'E','value':null,'valueFrom':{'fieldRef':{'fieldPath':'metadata.name'}}}]}").env().getFirst().value()).isEmpty();
        assertThat(first("{'name':'a','env':null}").hasEnv()).isFalse();
    }

    @Test
    void numbersAreKeysToo() {
        assertThat(first("{'name':'a','ports':[{'containerPort':80,'name':'web'},{'containerPort':81}]}").ports()).extracting(p -> p.containerPort() + p.name()).containsExactly("80web", "81");
        assertThat(first("{'name':'a','ports':[{'containerPort':80,'protocol':'UDP'}]}").ports().getFirst().protocol()).isEqualTo("UDP");
        assertThat(first("{'name':'a','ports':[{'containerPort':80,'$patch':'delete'}]}").ports()).extracting(p -> p.containerPort()).containsExactly(81);
    }

    @Test
    void onlyRetainedKeysStay() {
        assertThat(patch("{'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}").spec().strategy()).satisfies(s -> {
            assertThat(s.type()).isEqualTo("Recreate");
            assertThat(s.hasRollingUpdate()).isFalse();
        });
        malformed("{'spec':{'strategy':{'$retainKeys':['type'],'rollingUpdate':{}}}}");
        malformed("{'spec':{'strategy':{'$retainKeys':'type','type':'Recreate'}}}");
        pod("{'volumes':[{'name':'v','emptyDir':{}}]}");
        PodSpec spec = pod("{'volumes':[{'name':'v','$retainKeys':['name','configMap'],'configMap':{'name':'c'}}]}");
        assertThat(spec.volumes().getFirst().hasEmptyDir()).isFalse();
        assertThat(spec.volumes().getFirst().configMap().name()).isEqualTo("c");
        malformed("{'spec':{'template':{'spec':{'volumes':[{'name':'v','$retainKeys':['name'],'secret':{'secretName':'s'}}]}}}}");
    }

    @Test
    void elementsAreOrderedByDirective() {
        assertThat(pod("{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]}").containers()).extracting(Container::name).containsExactly("b", "a");
        assertThat(pod("{'$setElementOrder/containers':[{'name':'new'},{'name':'b'},{'name':'a'}],'containers':[{'name':'new','image':'i:5'}]}").containers())
                .extracting(Container::name).containsExactly("new", "b", "a");
        assertThat(pod("{'$setElementOrder/containers':[{'name':'b'}],'containers':[{'name':'b','image':'i:6'}]}").containers()).extracting(Container::name).containsExactly("new", "b", "a");
        malformed("{'spec':{'template':{'spec':{'$setElementOrder/containers':[{'name':'a'}],'containers':[{'name':'b','image':'i:6'}]}}}}");
        malformed("{'spec':{'template':{'spec':{'$setElementOrder/containers':['b']}}}}");
        malformed("{'spec':{'template':{'spec':{'$setElementOrder/containers':'b'}}}}");
    }

    @Test
    void scalarsAreASet() {
        assertThat(patch("{'metadata':{'finalizers':['a/1','a/2','a/3']}}").metadata().finalizers()).containsExactly("a/1", "a/2", "a/3");
        assertThat(patch("{'metadata':{'$setElementOrder/finalizers':['a/3','a/1','a/2']}}").metadata().finalizers()).containsExactly("a/3", "a/1", "a/2");
        assertThat(patch("{'metadata':{'$setElementOrder/finalizers':['a/4','a/3'],'finalizers':['a/4']}}").metadata().finalizers()).containsExactly("a/4", "a/3", "a/1", "a/2");
        assertThat(patch("{'metadata':{'$deleteFromPrimitiveList/finalizers':['a/4','a/1'],'$setElementOrder/finalizers':['a/2','a/3']}}").metadata().finalizers()).containsExactly("a/2", "a/3");
        assertThat(patch("{'metadata':{'finalizers':['a/2','a/9']}}").metadata().finalizers()).containsExactly("a/2", "a/9", "a/3");
        assertThat(patch("{'metadata':{'finalizers':null}}").metadata().hasFinalizers()).isFalse();
    }

    @Test
    void atomicListsAreReplaced() {
        first("{'name':'a','command':['x','y']}");
        assertThat(first("{'name':'a','command':['z']}").command()).containsExactly("z");
        pod("{'tolerations':[{'key':'k','operator':'Exists'}]}");
        assertThat(pod("{'tolerations':[{'key':'l','operator':'Exists'}]}").tolerations()).hasSize(1);
    }

    @Test
    void objectsAreReplacedAndDeletedByDirective() {
        first("{'name':'a','resources':{'limits':{'cpu':'1'}}}");
        assertThat(first("{'name':'a','resources':{'limits':{'memory':'1Gi'}}}").resources().limits()).hasSize(2);
        assertThat(first("{'name':'a','resources':{'limits':{'cpu':null},'requests':{'cpu':'0.1000'}}}").resources().limits()).containsOnlyKeys("memory");
        assertThat(first("{'name':'a','resources':{'$patch':'replace','limits':{'cpu':'2'}}}").resources()).satisfies(r -> {
            assertThat(r.limits()).containsOnlyKeys("cpu");
            assertThat(r.hasRequests()).isFalse();
        });
        assertThat(first("{'name':'a','resources':{'$patch':'delete'}}").hasResources()).isFalse();
        assertThat(patch("{'metadata':{'labels':{'a':'b'}}}").metadata().labels()).isEqualTo(Map.of("a", "b"));
        assertThat(patch("{'metadata':{'labels':{'$patch':'replace','c':'d'}}}").metadata().labels()).isEqualTo(Map.of("c", "d"));
        malformed("{'spec':{'strategy':{'$patch':'bogus'}}}");
    }

    @Test
    void aPatchOfTheWrongShapeIsRefused() {
        for (String patch : List.of("{'spec':{'replicas':'three'}}", "{'spec':'x'}", "{'metadata':{'labels':{'a':1}}}")) {
            assertThatThrownBy(() -> patch(patch)).as(patch)
                    .isInstanceOfSatisfying(PatchException.class, e -> assertThat(e.kind()).isEqualTo(PatchException.Kind.INVALID_RESULT));
        }
        for (String patch : List.of("nonsense", "[]", "")) {
            malformed(patch);
        }
        Deployment before = live;
        assertThat(patch("null")).isSameAs(before);
        assertThat(patch("{'spec':{'selector':{'matchLabels':{'app':'x'}}}}")).isSameAs(before);
    }

    @Test
    void conditionsOfAStatusMergeAndTheRestIsShared() {
        Pod pod = (Pod) Json.read(Pod.TYPE, json("{'metadata':{'name':'p'},'spec':{'containers':[{'name':'a'}]}}"));
        Pod ready = (Pod) Patches.strategic(pod, bytes("{'status':{'conditions':[{'type':'Ready','status':'True'}],'podIPs':[{'ip':'1.2.3.4'}]}}"), text -> {});
        Pod more = (Pod) Patches.strategic(ready, bytes("{'status':{'conditions':[{'type':'Ready','status':'False'},{'type':'X','status':'True'}]}}"), text -> {});
        assertThat(more.status().conditions()).extracting(c -> c.type() + c.status()).containsExactly("ReadyFalse", "XTrue");
        assertThat(more.spec()).isSameAs(pod.spec());
        assertThat(more.metadata()).isSameAs(pod.metadata());
        assertThat(more.status().podIPs()).isSameAs(ready.status().podIPs());
    }

    @Test
    void serviceAccountsMergeTheirSecrets() {
        ServiceAccount account = (ServiceAccount) Json.read(ServiceAccount.TYPE, json("{'secrets':[{'name':'s1'}],'imagePullSecrets':[{'name':'i1'}]}"));
        ServiceAccount more = (ServiceAccount) Patches.strategic(account, bytes("{'secrets':[{'name':'s2'}],'imagePullSecrets':[{'name':'i2'}]}"), text -> {});
        assertThat(more.secrets()).extracting(s -> s.name()).containsExactly("s2", "s1");
        assertThat(more.imagePullSecrets()).extracting(s -> s.name()).containsExactly("i2");
        List<String> findings = new ArrayList<>();
        ServiceAccount last = (ServiceAccount) Patches.strategic(more, bytes("{'secrets':[{'name':'s1','$patch':'delete'}],'imagePullSecrets':[{'name':'i1','$patch':'delete'}]}"), findings::add);
        assertThat(last.secrets()).extracting(s -> s.name()).containsExactly("s2");
        assertThat(last.imagePullSecrets()).extracting(s -> s.name()).containsExactly("i1");
        assertThat(findings).containsExactly("unknown field \"imagePullSecrets[0].$patch\"");
    }

    /// The rules stated once more, slowly: what must hold for every list merged by key.
    @Test
    void randomListsMergeByTheRules() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            List<String> before = names(random);
            List<String> patched = names(random);
            List<String> deleted = names(random).stream().filter(name -> !patched.contains(name)).toList();
            Map<String, String> expected = new LinkedHashMap<>();
            before.stream().filter(name -> !deleted.contains(name)).forEach(name -> expected.put(name, patched.contains(name) ? "old-new" : "old-"));
            patched.forEach(name -> expected.putIfAbsent(name, "-new"));
            Container container = Container.EMPTY.withName("c").withEnv(before.stream().map(name -> io.j8s.model.core.v1.EnvVar.EMPTY.withName(name).withValue("old")).toList());
            Pod pod = Pod.EMPTY.withSpec(s -> s.withContainers(List.of(container)));
            String patch = "{'spec':{'containers':[{'name':'c','env':[" + patched.stream().map(n -> "{'name':'" + n + "','valueFrom':{'fieldRef':{'fieldPath':'new'}}}").collect(Collectors.joining(","))
                    + (patched.isEmpty() || deleted.isEmpty() ? "" : ",") + deleted.stream().map(n -> "{'name':'" + n + "','$patch':'delete'}").collect(Collectors.joining(",")) + "]}]}}";
            Pod after = (Pod) Patches.strategic(pod, bytes(patch), text -> {});
            var env = after.spec().containers().getFirst().env();
            Map<String, String> found = new LinkedHashMap<>();
            env.forEach(e -> found.put(e.name(), e.value() + "-" + e.valueFrom().fieldRef().fieldPath()));
            assertThat(env).hasSize(expected.size());
            assertThat(found).isEqualTo(expected);
            List<String> order = new ArrayList<>(found.keySet());
            assertThat(order.stream().filter(patched::contains).toList()).isEqualTo(patched);
            assertThat(order.stream().filter(name -> !patched.contains(name)).toList()).isEqualTo(before.stream().filter(name -> !patched.contains(name) && !deleted.contains(name)).toList());
            assertThat(Patches.strategic(after, bytes(patch), text -> {})).isEqualTo(after);
        }
    }

    private static List<String> names(Random random) {
        List<String> names = new ArrayList<>(List.of("A", "B", "C", "D", "E", "F"));
        Collections.shuffle(names, random);
        return names.subList(0, random.nextInt(5));
    }

    @Test
    void directivesWithinWhatIsSetAnewAreUnknownFields() {
        List<String> findings = new ArrayList<>();
        Patches.strategic(live, bytes("{'spec':{'template':{'spec':{'volumes':[{'name':'n','configMap':{'$retainKeys':['name'],'name':'c'}}]}}}}"), findings::add);
        assertThat(findings).singleElement().asString().contains("$retainKeys");
        assertThatThrownBy(() -> patch("{'metadata':{'annotations':{'$retainKeys':['a'],'a':'b'}}}"))
                .isInstanceOfSatisfying(PatchException.class, e -> assertThat(e.kind()).isEqualTo(PatchException.Kind.INVALID_RESULT));
    }

    @Test
    void anOrderIsForAListWithElementsThatThereIs() {
        malformed("{'spec':{'template':{'spec':{'$setElementOrder/containers':[{'name':'a'}],'containers':null}}}}");
        malformed("{'spec':{'template':{'spec':{'$setElementOrder/volumes':[],'volumes':[]}}}}");
        malformed("{'spec':{'$setElementOrder/none':[]}}");
    }

    @Test
    void elementsThatStayMustHaveTheirKeyToo() {
        Struct account = Json.read(ServiceAccount.TYPE, json("{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'s'},'secrets':[{'uid':'u'}]}"));
        for (String patch : List.of("{'secrets':[{'name':'n'}]}", "{'secrets':[]}")) {
            assertThatThrownBy(() -> Patches.strategic(account, bytes(patch), text -> {}))
                    .isInstanceOfSatisfying(PatchException.class, e -> assertThat(e.kind()).isEqualTo(PatchException.Kind.MALFORMED));
        }
    }
}
