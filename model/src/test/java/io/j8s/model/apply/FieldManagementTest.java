package io.j8s.model.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.autoscaling.v1.Scale;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.FieldTree;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FieldManagementTest {

    private static final MergeSchema SCHEMA = new MergeSchema();
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00.75Z");

    private Instant now = T0;

    private final FieldManagement configMaps = new FieldManagement(ConfigMap.TYPE, "v1", SCHEMA);

    private static Struct applied(FieldManagement.Outcome outcome) {
        assertThat(outcome).isInstanceOf(FieldManagement.Outcome.Applied.class);
        return ((FieldManagement.Outcome.Applied) outcome).object();
    }

    private static List<String> conflicts(FieldManagement.Outcome outcome) {
        assertThat(outcome).isInstanceOf(FieldManagement.Outcome.Conflicts.class);
        return ((FieldManagement.Outcome.Conflicts) outcome).conflicts().stream().map(Conflict::path).toList();
    }

    private FieldManagement.Outcome tryApply(FieldManagement management, Struct live, String manager, boolean force, String json) {
        now = now.plusSeconds(1);
        Map<String, Object> configuration = Plain.map(json);
        Type type = live.structType();
        configuration.put("apiVersion", type.apiVersion());
        configuration.put("kind", type.kind());
        return management.apply(live, configuration, manager, force, now);
    }

    private Struct apply(FieldManagement management, Struct live, String manager, String json) {
        return stored(applied(tryApply(management, live, manager, false, json)));
    }

    private Struct force(FieldManagement management, Struct live, String manager, String json) {
        return stored(applied(tryApply(management, live, manager, true, json)));
    }

    private Struct update(FieldManagement management, Struct live, String manager, String json) {
        now = now.plusSeconds(1);
        return stored(management.afterUpdate(live, Plain.struct(live.structType(), json), manager, now));
    }

    /// As the server keeps it: with a uid.
    private static Struct stored(Struct object) {
        return Objects.withMetadata(object, Objects.metadata(object).withUid("u").withName("c"));
    }

    private static String data(Struct object) {
        return ((ConfigMap) object).data().toString();
    }

    private static final Struct EMPTY = ConfigMap.EMPTY;

    @Test
    void a_part_that_came_before_is_owned_as_when_it_came_first() {
        Pod one = (Pod) io.j8s.model.Json.read(Pod.TYPE, """
                {"metadata":{"name":"a","labels":{"app":"x"}},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i","env":[{"name":"A","value":"1"}]}]}}""");
        Pod other = one.withMetadata(meta -> meta.withName("b").withLabels(Map.of("tier", "y")));
        FieldManagement pods = new FieldManagement(Pod.TYPE, "v1", SCHEMA);
        pods.afterUpdate(Pod.EMPTY, one, "m", now);
        assertThat(pods.afterUpdate(Pod.EMPTY, other, "m", now)).isEqualTo(new FieldManagement(Pod.TYPE, "v1", SCHEMA).afterUpdate(Pod.EMPTY, other, "m", now));
        Pod empty = one.withSpec(io.j8s.model.core.v1.PodSpec.EMPTY);
        assertThat(pods.afterUpdate(Pod.EMPTY, empty, "m", now)).isEqualTo(new FieldManagement(Pod.TYPE, "v1", SCHEMA).afterUpdate(Pod.EMPTY, empty, "m", now));
    }

    @Test
    void twoAppliersEachOwnTheirFields() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'data':{'a':'1'}}");
        c = apply(configMaps, c, "m2", "{'data':{'b':'2'}}");
        assertThat(Plain.owners(c)).isEqualTo("m1/Apply {'f:data':{'f:a':{}}}; m2/Apply {'f:data':{'f:b':{}}}");
        c = apply(configMaps, c, "m1", "{'data':{}}");
        assertThat(data(c)).isEqualTo("{b=2}");
        assertThat(Plain.owners(c)).isEqualTo("m2/Apply {'f:data':{'f:b':{}}}; m1/Apply {'f:data':{}}");
        c = apply(configMaps, c, "m2", "{'data':{}}");
        assertThat(((ConfigMap) c).hasData()).isFalse();
        assertThat(Plain.owners(c)).isEqualTo("m1/Apply {'f:data':{}}; m2/Apply {'f:data':{}}");
    }

    @Test
    void aConflictWithAnUpdateNamesTheManager() {
        Struct c = update(configMaps, EMPTY, "creator", "{'data':{'a':'1'}}");
        assertThat(Plain.owners(c)).isEqualTo("creator/Update {'f:data':{'.':{},'f:a':{}}}");
        FieldManagement.Outcome outcome = tryApply(configMaps, c, "m2", false, "{'data':{'a':'2'}}");
        assertThat(conflicts(outcome)).containsExactly(".data.a");
        List<Conflict> conflicts = ((FieldManagement.Outcome.Conflicts) outcome).conflicts();
        assertThat(conflicts.getFirst().message()).isEqualTo("conflict with \"creator\" using v1");
        assertThat(Conflict.summary(conflicts)).isEqualTo("Apply failed with 1 conflict: conflict with \"creator\" using v1: .data.a");
        // The same value is no conflict: the field is shared, and without a time, as nothing changed.
        c = apply(configMaps, c, "m2", "{'data':{'a':'1'}}");
        assertThat(Plain.owners(c)).isEqualTo("m2/Apply {'f:data':{'f:a':{}}}; creator/Update {'f:data':{'.':{},'f:a':{}}}");
        assertThat(Objects.metadata(c).managedFields().getFirst().time()).isNull();
        c = force(configMaps, c, "m2", "{'data':{'a':'2'}}");
        assertThat(Plain.owners(c)).isEqualTo("m2/Apply {'f:data':{'f:a':{}}}; creator/Update {'f:data':{}}");
        c = update(configMaps, c, "creator", "{'data':{'a':'3'}}");
        assertThat(Plain.owners(c)).isEqualTo("creator/Update {'f:data':{'.':{},'f:a':{}}}");
    }

    @Test
    void everyConflictIsNamed() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'data':{'a':'1'}}");
        c = apply(configMaps, c, "m2", "{'data':{'b':'1'}}");
        c = apply(configMaps, c, "m3", "{'metadata':{'labels':{'l':'1'}},'data':{'c':'1'}}");
        String wish = "{'metadata':{'labels':{'l':'2'}},'data':{'a':'2','b':'2','c':'2'}}";
        FieldManagement.Outcome outcome = tryApply(configMaps, c, "m4", false, wish);
        assertThat(conflicts(outcome)).containsExactlyInAnyOrder(".data.a", ".data.b", ".data.c", ".metadata.labels.l");
        assertThat(Conflict.summary(((FieldManagement.Outcome.Conflicts) outcome).conflicts()))
                .isEqualTo("Apply failed with 4 conflicts: conflicts with \"m1\":\n- .data.a\nconflicts with \"m2\":\n- .data.b\nconflicts with \"m3\":\n- .data.c\n- .metadata.labels.l");
        assertThat(Plain.owners(force(configMaps, c, "m4", wish))).isEqualTo("m4/Apply {'f:data':{'f:a':{},'f:b':{},'f:c':{}},'f:metadata':{'f:labels':{'f:l':{}}}}");
    }

    @Test
    void whatIsNotAppliedAnyMoreIsRemoved() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'metadata':{'labels':{'x':'y'}},'data':{'a':'1','b':'2'}}");
        c = apply(configMaps, c, "m1", "{'data':{'a':'1'}}");
        assertThat(data(c)).isEqualTo("{a=1}");
        assertThat(Objects.metadata(c).labels()).isEmpty();
        c = apply(configMaps, c, "m1", "{}");
        assertThat(((ConfigMap) c).hasData()).isFalse();
        assertThat(Plain.owners(c)).isEmpty();
    }

    @Test
    void whatAnotherOwnsTooStays() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'data':{'a':'1'}}");
        c = apply(configMaps, c, "m2", "{'data':{'a':'1'}}");
        c = apply(configMaps, c, "m1", "{}");
        assertThat(data(c)).isEqualTo("{a=1}");
        c = apply(configMaps, c, "m2", "{}");
        assertThat(((ConfigMap) c).hasData()).isFalse();
    }

    @Test
    void anUpdateTakesWhatItChangesAndDropsWhatItRemoves() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'data':{'a':'1','b':'1'}}");
        c = update(configMaps, c, "editor", "{'metadata':{'name':'c','uid':'u'},'data':{'a':'2','b':'1'}}");
        assertThat(Plain.owners(c)).isEqualTo("m1/Apply {'f:data':{'f:b':{}}}; editor/Update {'f:data':{'f:a':{}}}");
        Struct kept = apply(configMaps, c, "m1", "{'data':{'b':'1'}}");
        assertThat(data(kept)).isEqualTo("{a=2, b=1}");
        assertThat(conflicts(tryApply(configMaps, kept, "m1", false, "{'data':{'a':'1'}}"))).containsExactly(".data.a");
        c = update(configMaps, c, "editor", "{'metadata':{'name':'c','uid':'u'},'data':{'a':'2'}}");
        assertThat(Plain.owners(c)).isEqualTo("editor/Update {'f:data':{'f:a':{}}}");
    }

    @Test
    void applyingTheSameAgainChangesNothing() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'data':{'a':'1'}}");
        FieldManagement.Outcome.Applied again = (FieldManagement.Outcome.Applied) tryApply(configMaps, c, "m1", false, "{'data':{'a':'1'}}");
        assertThat(again.changed()).isFalse();
        assertThat(again.object()).isEqualTo(c);
    }

    @Test
    void managedFieldsInAConfigurationAreRefused() {
        assertThatThrownBy(() -> apply(configMaps, EMPTY, "m1", "{'metadata':{'managedFields':[]}}")).isInstanceOf(InvalidConfigurationException.class);
        assertThat(data(apply(configMaps, EMPTY, "m1", "{'metadata':{'managedFields':null},'data':{'a':'1'}}"))).isEqualTo("{a=1}");
    }

    @Test
    void anotherVersionOrKindIsRefused() {
        assertThatThrownBy(() -> configMaps.apply(EMPTY, Plain.map("{'apiVersion':'v2','kind':'ConfigMap'}"), "m", false, T0))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageStartingWith(".apiVersion");
        assertThatThrownBy(() -> configMaps.apply(EMPTY, Plain.map("{'apiVersion':'v1','kind':'Secret'}"), "m", false, T0))
                .isInstanceOf(InvalidConfigurationException.class).hasMessageStartingWith(".kind");
    }

    @Test
    void whatDoesNotFitTheTypeIsRefusedWithItsPath() {
        FieldManagement deployments = new FieldManagement(Deployment.TYPE, "apps/v1", SCHEMA);
        Map<String, String> faults = Map.of(
                "{'spec':{'bogus':1}}", ".spec.bogus",
                "{'spec':{'replicas':'x'}}", ".spec.replicas",
                "{'spec':'x'}", ".spec",
                "{'spec':{'selector':{'matchLabels':{'a':1}}}}", ".spec.selector.matchLabels.a",
                "{'spec':{'selector':{'bogus':1}}}", ".spec.selector.bogus",
                "{'spec':{'template':{'spec':{'containers':[{'name':'a','env':[{'name':'x'},{'name':'x'}]}]}}}}", ".spec.template.spec.containers[name=\"a\"].env[1]",
                "{'spec':{'template':{'spec':{'containers':[{'name':'a','ports':[{'containerPort':'x'}]}]}}}}",
                ".spec.template.spec.containers[name=\"a\"].ports[containerPort=\"x\",protocol=\"TCP\"].containerPort",
                "{'spec':{'template':{'spec':{'containers':{}}}}}", ".spec.template.spec.containers");
        faults.forEach((json, path) -> assertThatThrownBy(() -> apply(deployments, Deployment.EMPTY, "m", json))
                .as(json).isInstanceOf(InvalidConfigurationException.class).hasMessageStartingWith(path + ":"));
    }

    @Test
    void unreadableManagedFieldsAreIgnored() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'data':{'a':'1'}}");
        String before = Plain.owners(c);
        for (String entry : List.of(
                "{'manager':'x','operation':'Bogus','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:a':{}}}}",
                "{'manager':'x','operation':'Apply','apiVersion':'v1','fieldsType':'Other','fieldsV1':{'f:data':{'f:a':{}}}}",
                "{'manager':'x','operation':'Apply','apiVersion':'','fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:a':{}}}}",
                "{'manager':'x','operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{'x':1}}",
                "{'manager':'x','operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{'f:data':'x'}}")) {
            assertThat(Plain.owners(update(configMaps, c, "e", "{'metadata':{'name':'c','uid':'u','managedFields':[" + entry + "]},'data':{'a':'1'}}"))).isEqualTo(before);
        }
    }

    @Test
    void whoOwnsFieldsInAVersionNotServedOwnsNothing() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'data':{'a':'1'}}");
        c = update(configMaps, c, "e", "{'metadata':{'name':'c','uid':'u','managedFields':"
                + "[{'manager':'x','operation':'Apply','apiVersion':'nope/v9','fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:a':{}}}}]},'data':{'a':'1'}}");
        assertThat(Objects.metadata(c).managedFields()).isEmpty();
    }

    @Test
    void anEmptyEntryResetsManagedFieldsAndTheFirstApplyMakesThemAnew() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'data':{'a':'1'}}");
        c = update(configMaps, c, "e", "{'metadata':{'name':'c','uid':'u','managedFields':[{}]},'data':{'a':'1'}}");
        assertThat(Objects.metadata(c).managedFields()).isEmpty();
        c = update(configMaps, c, "e", "{'metadata':{'name':'c','uid':'u'},'data':{'a':'1','b':'1'}}");
        assertThat(Objects.metadata(c).managedFields()).isEmpty();
        FieldManagement.Outcome outcome = tryApply(configMaps, c, "m2", false, "{'data':{'a':'2'}}");
        assertThat(conflicts(outcome)).containsExactly(".data.a");
        c = apply(configMaps, c, "m2", "{'data':{'a':'1'}}");
        assertThat(Plain.owners(c)).isEqualTo("m2/Apply {'f:data':{'f:a':{}}}; before-first-apply/Update {'f:data':{'.':{},'f:a':{},'f:b':{}}}");
    }

    @Test
    void managedFieldsMayBeEdited() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'data':{'a':'1','b':'2'}}");
        c = update(configMaps, c, "e", "{'metadata':{'name':'c','uid':'u','managedFields':"
                + "[{'manager':'m9','operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:a':{}}}}]},'data':{'a':'1','b':'2'}}");
        assertThat(Plain.owners(c)).isEqualTo("m9/Apply {'f:data':{'f:a':{}}}");
        c = apply(configMaps, c, "m9", "{'data':{}}");
        assertThat(data(c)).isEqualTo("{b=2}");
    }

    @Test
    void ownershipIsHandedOver() {
        Struct c = apply(configMaps, EMPTY, "old", "{'data':{'a':'1','b':'1'}}");
        c = apply(configMaps, c, "new", "{'data':{'a':'1','b':'1'}}");
        c = apply(configMaps, c, "old", "{'data':{'b':'1'}}");
        c = apply(configMaps, c, "new", "{'data':{'a':'2','b':'1'}}");
        c = apply(configMaps, c, "old", "{}");
        assertThat(data(c)).isEqualTo("{a=2, b=1}");
        c = apply(configMaps, c, "new", "{'data':{'b':'2'}}");
        assertThat(data(c)).isEqualTo("{b=2}");
        assertThat(Plain.owners(c)).isEqualTo("new/Apply {'f:data':{'f:b':{}}}");
    }

    @Test
    void theOldestUpdatersBeyondTenBecomeOne() {
        Struct c = update(configMaps, EMPTY, "u00", "{'data':{'k00':'v'}}");
        StringBuilder data = new StringBuilder("'k00':'v'");
        for (int i = 1; i <= 12; i++) {
            data.append(String.format(",'k%02d':'v'", i));
            c = update(configMaps, c, String.format("u%02d", i), "{'metadata':{'name':'c','uid':'u'},'data':{" + data + "}}");
        }
        assertThat(Objects.metadata(c).managedFields()).extracting(ManagedFieldsEntry::manager)
                .containsExactly("ancient-changes", "u04", "u05", "u06", "u07", "u08", "u09", "u10", "u11", "u12");
        assertThat(Plain.owners(c)).startsWith("ancient-changes/Update {'f:data':{'.':{},'f:k00':{},'f:k01':{},'f:k02':{},'f:k03':{}}}");
    }

    @Test
    void timesAreCutToSecondsAndMoveOnlyWithTheWriter() {
        Struct c = update(configMaps, EMPTY, "a", "{'data':{'a':'1'}}");
        c = update(configMaps, c, "b", "{'metadata':{'name':'c','uid':'u'},'data':{'a':'1','b':'1'}}");
        assertThat(Objects.metadata(c).managedFields()).extracting(ManagedFieldsEntry::time)
                .containsExactly(Instant.parse("2026-01-01T00:00:01Z"), Instant.parse("2026-01-01T00:00:02Z"));
        Struct noop = update(configMaps, c, "a", "{'metadata':{'name':'c','uid':'u'},'data':{'a':'1','b':'1'}}");
        assertThat(noop).isEqualTo(c);
    }

    @Test
    void aWriteThatOnlyChangesValuesKeepsTheSets() {
        Struct c = update(configMaps, EMPTY, "a", "{'data':{'a':'1'}}");
        Object before = Objects.metadata(c).managedFields().getFirst().fieldsV1();
        Struct d = configMaps.afterUpdate(c, ((ConfigMap) c).withData(Map.of("a", "2")), "a", now.plusSeconds(9));
        assertThat(Objects.metadata(d).managedFields().getFirst().fieldsV1()).isSameAs(before);
        assertThat(Objects.metadata(d).managedFields().getFirst().time()).isEqualTo(now.plusSeconds(9).truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    }

    @Test
    void timesOfAWriteThatChangesNothingElseAreKept() {
        Struct c = update(configMaps, EMPTY, "a", "{'data':{'a':'1'}}");
        ManagedFieldsEntry entry = Objects.metadata(c).managedFields().getFirst().withTime(T0.plusSeconds(99));
        Struct later = Objects.withMetadata(c, Objects.metadata(c).withManagedFields(List.of(entry)));
        assertThat(FieldManagement.keepTimesOfNoop(c, later)).isSameAs(c);
        Struct other = ((ConfigMap) later).withData(Map.of("a", "2"));
        assertThat(FieldManagement.keepTimesOfNoop(c, other)).isSameAs(other);
    }

    private final FieldManagement deployments = new FieldManagement(Deployment.TYPE, "apps/v1", SCHEMA);
    private static final String TEMPLATE = "'selector':{'matchLabels':{'app':'x'}},'template':{'metadata':{'labels':{'app':'x'}},'spec':{'containers':[%s]}}";

    private static String deployment(String container) {
        return "{'spec':{" + TEMPLATE.formatted(container) + "}}";
    }

    private static String container(String container) {
        return "{'spec':{'template':{'spec':{'containers':[" + container + "]}}}}";
    }

    @Test
    void elementsOfListsAreOwnedByTheirKeysWithDefaults() {
        Struct d = apply(deployments, Deployment.EMPTY, "m1", deployment("{'name':'c','image':'i:1','ports':[{'containerPort':80}]}"));
        assertThat(Plain.owners(d)).isEqualTo("m1/Apply {'f:spec':{'f:selector':{},'f:template':{'f:metadata':{'f:labels':{'f:app':{}}},'f:spec':{'f:containers':{"
                + "'k:{\"name\":\"c\"}':{'.':{},'f:image':{},'f:name':{},'f:ports':{'k:{\"containerPort\":80,\"protocol\":\"TCP\"}':{'.':{},'f:containerPort':{}}}}}}}}}");
        d = apply(deployments, d, "m2", container("{'name':'c','ports':[{'containerPort':80,'protocol':'UDP'}]}"));
        d = apply(deployments, d, "m3", container("{'name':'c','ports':[{'containerPort':80,'protocol':'TCP','name':'web'}]}"));
        var ports = ((Deployment) d).spec().template().spec().containers().getFirst().ports();
        assertThat(ports).extracting(port -> port.containerPort() + port.protocol() + port.name()).containsExactly("80TCPweb", "80UDP");
        d = apply(deployments, d, "m1", deployment("{'name':'c','image':'i:1'}"));
        ports = ((Deployment) d).spec().template().spec().containers().getFirst().ports();
        assertThat(ports).extracting(port -> port.containerPort() + port.protocol() + port.name()).containsExactly("80TCPweb", "80UDP");
    }

    private static List<String> env(Struct deployment) {
        return ((Deployment) deployment).spec().template().spec().containers().getFirst().env().stream().map(e -> e.name()).toList();
    }

    private static String env(String names) {
        StringBuilder list = new StringBuilder();
        for (char name : names.toCharArray()) {
            list.append(list.isEmpty() ? "" : ",").append("{'name':'" + name + "','value':'" + name + "'}");
        }
        return "{'name':'c','image':'i:1','env':[" + list + "]}";
    }

    @Test
    void theConfigurationOrdersItsElements() {
        Struct d = apply(deployments, Deployment.EMPTY, "m1", deployment(env("ABC")));
        d = apply(deployments, d, "m2", container(env("CXA").replace("'image':'i:1',", "")));
        assertThat(String.join("", env(d))).isEqualTo("BCXA");
        d = apply(deployments, d, "m1", deployment(env("CA")));
        assertThat(String.join("", env(d))).isEqualTo("CXA");
        d = apply(deployments, d, "m1", deployment(env("ZA")));
        assertThat(String.join("", env(d))).isEqualTo("CXZA");
    }

    @Test
    void fieldsThatNobodyOwnsStayUnlessTheirElementGoes() {
        Struct d = apply(deployments, Deployment.EMPTY, "m1", deployment("{'name':'c','image':'i:1'},{'name':'d','image':'i:2'}"));
        Deployment typed = (Deployment) d;
        // as defaulting does it
        var spec = typed.spec().template().spec();
        Struct defaulted = typed.withSpec(s -> s.withTemplate(t -> t.withSpec(spec.withContainers(
                spec.containers().stream().map(c -> c.withImagePullPolicy("Always")).toList()))));
        d = apply(deployments, defaulted, "m1", deployment("{'name':'c','image':'i:9'}"));
        var containers = ((Deployment) d).spec().template().spec().containers();
        assertThat(containers).hasSize(1);
        assertThat(containers.getFirst().imagePullPolicy()).isEqualTo("Always");
        assertThat(containers.getFirst().image()).isEqualTo("i:9");
    }

    @Test
    void equalQuantitiesAreNoConflict() {
        Struct d = apply(deployments, Deployment.EMPTY, "m1", deployment("{'name':'c','resources':{'limits':{'cpu':'1000m','memory':'1024Mi'}}}"));
        d = apply(deployments, d, "m2", container("{'name':'c','resources':{'limits':{'cpu':'1'}}}"));
        assertThat(conflicts(tryApply(deployments, d, "m3", false, container("{'name':'c','resources':{'limits':{'cpu':'2'}}}"))))
                .containsOnly(".spec.template.spec.containers[name=\"c\"].resources.limits.cpu");
    }

    @Test
    void scaleTakesReplicasAndGivesThemBack() {
        FieldManagement scaled = new FieldManagement(Deployment.TYPE, "apps/v1", "scale", SCHEMA, Versions.only("apps/v1", Deployment.TYPE), Map.of());
        Struct d = apply(deployments, Deployment.EMPTY, "m1", "{'spec':{'replicas':2}}");
        d = stored(scaled.afterUpdate(d, ((Deployment) d).withSpec(s -> s.withReplicas(5)), "hpa", now.plusSeconds(5)));
        assertThat(Plain.owners(d)).isEqualTo("hpa/Update/scale {'f:spec':{'f:replicas':{}}}");
        FieldManagement.Outcome outcome = tryApply(deployments, d, "m1", false, "{'spec':{'replicas':2}}");
        assertThat(((FieldManagement.Outcome.Conflicts) outcome).conflicts().getFirst().message()).isEqualTo("conflict with \"hpa\" with subresource \"scale\" using apps/v1");
        d = apply(deployments, d, "m1", "{}");
        assertThat(((Deployment) d).spec().replicas()).isEqualTo(5);
    }

    @Test
    void ownershipOfReplicasIsCarriedBetweenAnObjectAndItsScale() {
        ScaleOwnership carried = new ScaleOwnership("apps/v1", Map.of("apps/v1", List.of("spec", "replicas")));
        FieldManagement scales = new FieldManagement(Scale.TYPE, "autoscaling/v1", "scale", SCHEMA, Versions.only("autoscaling/v1", Scale.TYPE), Map.of());
        Struct d = apply(deployments, Deployment.EMPTY, "m1", "{'spec':{'replicas':2,'paused':true}}");
        List<ManagedFieldsEntry> parent = Objects.metadata(d).managedFields();
        Scale scale = Scale.EMPTY.withMetadata(m -> m.withName("c").withUid("u").withManagedFields(carried.toScale(parent))).withSpec(s -> s.withReplicas(2));
        assertThat(Plain.owners(scale)).isEqualTo("m1/Apply {'f:spec':{'f:replicas':{}}}");
        assertThat(conflicts(tryApply(scales, scale, "hpa", false, "{'metadata':{'name':'c'},'spec':{'replicas':4}}"))).containsExactly(".spec.replicas");
        Struct written = scales.afterUpdate(scale, scale.withSpec(s -> s.withReplicas(5)), "hpa", now);
        List<ManagedFieldsEntry> after = carried.toParent(parent, Objects.metadata(written).managedFields());
        d = Objects.withMetadata(d, Objects.metadata(d).withManagedFields(after));
        assertThat(Plain.owners(d)).isEqualTo("m1/Apply {'f:spec':{'f:paused':{}}}; hpa/Update/scale {'f:spec':{'f:replicas':{}}}");
        assertThat(after).extracting(ManagedFieldsEntry::apiVersion).containsOnly("apps/v1");
        assertThat(carried.toParent(after, carried.toScale(after))).isEqualTo(after);
    }

    @Test
    void emptyCollectionsAreOwned() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'metadata':{'labels':{}},'data':{}}");
        assertThat(Plain.owners(c)).isEqualTo("m1/Apply {'f:data':{},'f:metadata':{'f:labels':{}}}");
        assertThat(conflicts(tryApply(configMaps, c, "m2", false, "{'data':{'a':'1'}}"))).containsExactly(".data");
        Struct d = apply(deployments, Deployment.EMPTY, "m1", container("{'name':'c','env':[],'resources':{}}"));
        assertThat(Plain.owners(d)).isEqualTo("m1/Apply {'f:spec':{'f:template':{'f:spec':{'f:containers':{'k:{\"name\":\"c\"}':{'.':{},'f:name':{},'f:resources':{}}}}}}}");
    }

    @Test
    void atomicListsAndMapsAreOwnedAsAWhole() {
        FieldManagement services = new FieldManagement(Service.TYPE, "v1", SCHEMA);
        Struct s = apply(services, Service.EMPTY, "m1", "{'spec':{'clusterIP':'None','selector':{'a':'b'},'ports':[{'port':80}]}}");
        assertThat(Plain.owners(s)).isEqualTo("m1/Apply {'f:spec':{'f:clusterIP':{},'f:ports':{'k:{\"port\":80,\"protocol\":\"TCP\"}':{'.':{},'f:port':{}}},'f:selector':{}}}");
        assertThat(conflicts(tryApply(services, s, "m2", false, "{'spec':{'selector':{'c':'d'}}}"))).containsExactly(".spec.selector");
        s = apply(services, s, "m2", "{'spec':{'ports':[{'port':80,'name':'web'}]}}");
        s = apply(services, s, "m1", "{'spec':{'clusterIP':'None','selector':{'a':'b'}}}");
        assertThat(Plain.owners(s)).isEqualTo("m1/Apply {'f:spec':{'f:clusterIP':{},'f:selector':{}}}; "
                + "m2/Apply {'f:spec':{'f:ports':{'k:{\"port\":80,\"protocol\":\"TCP\"}':{'.':{},'f:name':{},'f:port':{}}}}}");
        assertThat(((Service) s).spec().ports()).hasSize(1);
    }

    @Test
    void finalizersAreASet() {
        Struct c = apply(configMaps, EMPTY, "m1", "{'metadata':{'finalizers':['a/b','c/d']}}");
        c = apply(configMaps, c, "m2", "{'metadata':{'finalizers':['c/d','e/f']}}");
        assertThat(Objects.metadata(c).finalizers()).containsExactly("a/b", "c/d", "e/f");
        c = apply(configMaps, c, "m1", "{'metadata':{'finalizers':['a/b']}}");
        assertThat(Objects.metadata(c).finalizers()).containsExactly("a/b", "c/d", "e/f");
        c = apply(configMaps, c, "m2", "{}");
        assertThat(Objects.metadata(c).finalizers()).containsExactly("a/b");
        assertThat(Plain.owners(c)).isEqualTo("m1/Apply {'f:metadata':{'f:finalizers':{'v:\"a/b\"':{}}}}");
    }

    @Test
    void explicitZeroesAndNullsOverwrite() {
        FieldManagement pods = new FieldManagement(Pod.TYPE, "v1", SCHEMA);
        Struct p = apply(pods, Pod.EMPTY, "m1", "{'spec':{'hostNetwork':true,'activeDeadlineSeconds':5}}");
        p = apply(pods, p, "m1", "{'spec':{'hostNetwork':false,'activeDeadlineSeconds':null}}");
        assertThat(((Pod) p).spec().hostNetwork()).isFalse();
        assertThat(((Pod) p).spec().hasActiveDeadlineSeconds()).isFalse();
        assertThat(Plain.owners(p)).isEqualTo("m1/Apply {'f:spec':{'f:activeDeadlineSeconds':{},'f:hostNetwork':{}}}");
    }

    @Test
    void statusIsOwnedThroughItsSubresourceOnly() {
        FieldTree status = FieldTree.ofNames("status");
        FieldTree spec = FieldTree.ofNames("spec");
        FieldManagement main = new FieldManagement(Pod.TYPE, "v1", "", SCHEMA, Versions.only("v1", Pod.TYPE), Map.of("v1", FieldFilter.except(status)));
        FieldManagement sub = new FieldManagement(Pod.TYPE, "v1", "status", SCHEMA, Versions.only("v1", Pod.TYPE), Map.of("v1", FieldFilter.except(spec)));
        Struct p = apply(main, Pod.EMPTY, "m1", "{'spec':{'nodeName':'n'},'status':{'phase':'Running'}}");
        assertThat(Plain.owners(p)).isEqualTo("m1/Apply {'f:spec':{'f:nodeName':{}}}");
        p = stored(sub.afterUpdate(p, Plain.struct(Pod.TYPE, "{'metadata':{'name':'c','uid':'u'},'spec':{'nodeName':'other'},'status':{'phase':'Failed',"
                + "'conditions':[{'type':'Ready','status':'True'}]}}"), "kubelet", now));
        assertThat(Plain.owners(p)).contains("kubelet/Update/status {'f:status':{'f:conditions':{'.':{},'k:{\"type\":\"Ready\"}':{'.':{},'f:lastProbeTime':{},'f:lastTransitionTime':{},'f:status':{},'f:type':{}}},'f:phase':{}}}");
        FieldManagement resize = new FieldManagement(Pod.TYPE, "v1", "resize", SCHEMA, Versions.only("v1", Pod.TYPE),
                Map.of("v1", FieldFilter.only(List.of(List.of("spec", "containers", "*", "resources")))));
        Struct q = apply(resize, Pod.EMPTY, "m1", "{'spec':{'nodeName':'x','containers':[{'name':'c','image':'i','resources':{'limits':{'cpu':'1'}}}]}}");
        assertThat(Plain.owners(q)).isEqualTo("m1/Apply/resize {'f:spec':{'f:containers':{'k:{\"name\":\"c\"}':{'.':{},'f:resources':{'f:limits':{'f:cpu':{}}}}}}}");
    }

    @Test
    void aPodsCreationOwnsWhatUpstreamWouldSay() {
        FieldManagement pods = new FieldManagement(Pod.TYPE, "v1", "", SCHEMA, Versions.only("v1", Pod.TYPE), Map.of("v1", FieldFilter.except(FieldTree.ofNames("status"))));
        Struct p = pods.afterUpdate(Pod.EMPTY, Plain.struct(Pod.TYPE, "{'metadata':{'name':'p','labels':{'a':'b'},'ownerReferences':[{'uid':'1','kind':'X','name':'x','apiVersion':'v1'}]},"
                + "'spec':{'containers':[{'name':'c','image':'i','imagePullPolicy':'Always'}],'securityContext':{},'enableServiceLinks':true},'status':{'phase':'Pending'}}"), "kubectl", now);
        assertThat(Plain.owners(p)).isEqualTo("kubectl/Update {'f:metadata':{'f:labels':{'.':{},'f:a':{}},'f:ownerReferences':{'.':{},'k:{\"uid\":\"1\"}':{}}},"
                + "'f:spec':{'f:containers':{'k:{\"name\":\"c\"}':{'.':{},'f:image':{},'f:imagePullPolicy':{},'f:name':{},'f:resources':{}}},'f:enableServiceLinks':{},'f:securityContext':{}}}");
    }

    @Test
    void kubectlGoesOverFromClientSideApply() {
        String annotation = "'kubectl.kubernetes.io/last-applied-configuration':'{\\\"apiVersion\\\":\\\"v1\\\",\\\"kind\\\":\\\"ConfigMap\\\",\\\"data\\\":{\\\"a\\\":\\\"1\\\",\\\"b\\\":\\\"1\\\"}}'";
        Struct c = update(configMaps, EMPTY, "kubectl-client-side-apply", "{'metadata':{'annotations':{" + annotation.replace("\\\"", "\\\"") + "}},'data':{'a':'1','b':'1'}}");
        Struct taken = apply(configMaps, c, "kubectl", "{'data':{'a':'2','b':'1'}}");
        assertThat(data(taken)).isEqualTo("{a=2, b=1}");
        assertThat(Objects.metadata(taken).annotations().get("kubectl.kubernetes.io/last-applied-configuration"))
                .contains("\"data\":{\"a\":\"2\",\"b\":\"1\"}");
        assertThat(conflicts(tryApply(configMaps, c, "other", false, "{'data':{'a':'2'}}"))).containsExactly(".data.a");
        Struct edited = update(configMaps, c, "editor", "{'metadata':{'name':'c','uid':'u','annotations':{" + annotation + "}},'data':{'a':'9','b':'1'}}");
        assertThat(conflicts(tryApply(configMaps, edited, "kubectl", false, "{'data':{'a':'2','b':'2'}}"))).containsExactly(".data.a");
    }

    @Test
    void manyDuplicatesInTheLiveListAreOneMember() {
        Struct d = update(deployments, Deployment.EMPTY, "m", deployment("{'name':'c','env':[{'name':'A','value':'1'},{'name':'A','value':'2'},{'name':'B'}]}"));
        assertThat(Plain.owners(d)).contains("'f:env':{'.':{},'k:{\"name\":\"A\"}':{},'k:{\"name\":\"B\"}':{'.':{},'f:name':{}}}");
        d = apply(deployments, d, "n", container("{'name':'c','env':[{'name':'B'}]}"));
        assertThat(env(d)).containsExactly("A", "A", "B");
        assertThat(env(force(deployments, d, "n", container("{'name':'c','env':[{'name':'A','value':'3'}]}")))).containsExactly("A", "B");
    }

    @Test
    void whatIsEmptiedConflicts() {
        FieldManagement services = new FieldManagement(Service.TYPE, "v1", SCHEMA);
        Struct s = update(services, Service.EMPTY, "creator", "{'spec':{'type':'NodePort','externalIPs':['192.0.2.1']}}");
        assertThat(conflicts(tryApply(services, s, "m", false, "{'spec':{'type':''}}"))).containsExactly(".spec.type");
        assertThat(conflicts(tryApply(services, s, "m", false, "{'spec':{'externalIPs':[]}}"))).containsExactly(".spec.externalIPs");
    }

    @Test
    void conflictsComeBeforeTextsThatCannotBeRead() {
        Struct d = update(deployments, Deployment.EMPTY, "creator", "{'spec':{'template':{'spec':{'containers':[{'name':'a','resources':{'limits':{'cpu':'1'}}}]}}}}");
        String wanted = "{'spec':{'template':{'spec':{'containers':[{'name':'a','resources':{'limits':{'cpu':'zork'}}}]}}}}";
        assertThat(conflicts(tryApply(deployments, d, "m", false, wanted))).containsExactly(".spec.template.spec.containers[name=\"a\"].resources.limits.cpu");
        assertThatThrownBy(() -> force(deployments, d, "m", wanted)).isInstanceOf(InvalidConfigurationException.class).hasMessageContaining("limits.cpu");
    }

    @Test
    void aNullMakesAnEntry() {
        assertThat(data(apply(configMaps, EMPTY, "m", "{'data':{'a':null}}"))).isEqualTo("{a=}");
    }
}
