// What client-go's users do with a cluster: each check is one argument, `all` runs them in turn.
// Prints "ok NAME" for each that holds and ends with 1 at the first that does not.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	applycore "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcore "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/scale"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/pager"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/retry"
)

type check struct {
	name string
	run  func(context.Context, *rest.Config, string) error
}

var checks = []check{
	{"informers", informersFollow}, {"protobuf", protobufRoundTrip}, {"conflicts", conflictsAreRetried}, {"pages", pagesAddUp}, {"apply", applyOwnsFields},
	{"leader", oneLeaderAtATime}, {"dynamic", customResources}, {"metadata", onlyMetadata}, {"scale", scaleAndEvict}, {"tokens", tokensAreReviewed}, {"events", eventsAreCounted},
}

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		fail("kubeconfig", err)
	}
	config.QPS, config.Burst = 1000, 2000
	for _, c := range checks {
		if os.Args[1] != "all" && os.Args[1] != c.name {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		namespace := "client-go-" + c.name
		_, err := kubernetes.NewForConfigOrDie(config).CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: v1.ObjectMeta{Name: namespace}}, v1.CreateOptions{})
		if err == nil {
			err = c.run(ctx, config, namespace)
		}
		cancel()
		if err != nil {
			fail(c.name, err)
		}
		fmt.Println("ok", c.name)
	}
}

func fail(name string, err error) {
	fmt.Fprintln(os.Stderr, "not ok", name+":", err)
	os.Exit(1)
}

func protobuf(config *rest.Config) *kubernetes.Clientset {
	c := rest.CopyConfig(config)
	c.ContentType, c.AcceptContentTypes = runtime.ContentTypeProtobuf, runtime.ContentTypeProtobuf
	return kubernetes.NewForConfigOrDie(c)
}

func configMap(name string, data ...string) *corev1.ConfigMap {
	m := &corev1.ConfigMap{ObjectMeta: v1.ObjectMeta{Name: name, Labels: map[string]string{"app": "check"}}, Data: map[string]string{}}
	for i := 0; i+1 < len(data); i += 2 {
		m.Data[data[i]] = data[i+1]
	}
	return m
}

func until(ctx context.Context, what string, holds func() bool) error {
	err := wait.PollUntilContextCancel(ctx, 20*time.Millisecond, true, func(context.Context) (bool, error) { return holds(), nil })
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// A shared informer over protobuf sees what was there, what comes, what changes and what goes.
func informersFollow(ctx context.Context, config *rest.Config, namespace string) error {
	client := protobuf(config)
	for i := range 20 {
		if _, err := client.CoreV1().ConfigMaps(namespace).Create(ctx, configMap(fmt.Sprintf("early-%d", i), "n", "0"), v1.CreateOptions{}); err != nil {
			return err
		}
	}
	var added, updated, deleted atomic.Int32
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace))
	informer := factory.Core().V1().ConfigMaps()
	_, err := informer.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: func(any) { added.Add(1) }, UpdateFunc: func(any, any) { updated.Add(1) }, DeleteFunc: func(any) { deleted.Add(1) }})
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), informer.Informer().HasSynced) {
		return errors.New("the informer does not come to know what is there")
	}
	before := added.Load()
	for i := range 20 {
		late, err := client.CoreV1().ConfigMaps(namespace).Create(ctx, configMap(fmt.Sprintf("late-%d", i), "n", "0"), v1.CreateOptions{})
		if err != nil {
			return err
		}
		late.Data["n"] = "1"
		if _, err = client.CoreV1().ConfigMaps(namespace).Update(ctx, late, v1.UpdateOptions{}); err != nil {
			return err
		}
	}
	if err = until(ctx, fmt.Sprintf("added %d and 20 more, updated 20", before), func() bool { return added.Load() >= 40 && updated.Load() >= 20 }); err != nil {
		return err
	}
	if err = client.CoreV1().ConfigMaps(namespace).DeleteCollection(ctx, v1.DeleteOptions{}, v1.ListOptions{LabelSelector: "app=check"}); err != nil {
		return err
	}
	return until(ctx, "all 40 gone", func() bool { return deleted.Load() == 40 })
}

func protobufRoundTrip(ctx context.Context, config *rest.Config, namespace string) error {
	grace := int64(7)
	pod := &corev1.Pod{ObjectMeta: v1.ObjectMeta{Name: "one"}, Spec: corev1.PodSpec{TerminationGracePeriodSeconds: &grace,
		Containers: []corev1.Container{{Name: "main", Image: "registry.example/main:1", Env: []corev1.EnvVar{{Name: "A", Value: "b"}}}}}}
	made, err := protobuf(config).CoreV1().Pods(namespace).Create(ctx, pod, v1.CreateOptions{})
	if err != nil {
		return err
	}
	read, err := kubernetes.NewForConfigOrDie(config).CoreV1().Pods(namespace).Get(ctx, "one", v1.GetOptions{})
	if err != nil {
		return err
	}
	if read.UID != made.UID || read.Spec.Containers[0].Env[0].Value != "b" || *read.Spec.TerminationGracePeriodSeconds != 7 {
		return fmt.Errorf("protobuf and JSON disagree: %v, %v", made, read)
	}
	_, err = protobuf(config).CoreV1().Pods(namespace).Get(ctx, "none", v1.GetOptions{})
	if !apierrors.IsNotFound(err) {
		return fmt.Errorf("expected NotFound: %v", err)
	}
	return nil
}

func conflictsAreRetried(ctx context.Context, config *rest.Config, namespace string) error {
	maps := kubernetes.NewForConfigOrDie(config).CoreV1().ConfigMaps(namespace)
	if _, err := maps.Create(ctx, configMap("count", "n", ""), v1.CreateOptions{}); err != nil {
		return err
	}
	results := make(chan error)
	for range 8 {
		go func() {
			results <- retry.OnError(wait.Backoff{Steps: 200, Duration: time.Millisecond}, apierrors.IsConflict, func() error {
				m, err := maps.Get(ctx, "count", v1.GetOptions{})
				if err != nil {
					return err
				}
				m.Data["n"] += "x"
				_, err = maps.Update(ctx, m, v1.UpdateOptions{})
				return err
			})
		}()
	}
	for range 8 {
		if err := <-results; err != nil {
			return err
		}
	}
	m, err := maps.Get(ctx, "count", v1.GetOptions{})
	if err == nil && m.Data["n"] != "xxxxxxxx" {
		return fmt.Errorf("an update was lost: %q", m.Data["n"])
	}
	return err
}

func pagesAddUp(ctx context.Context, config *rest.Config, namespace string) error {
	maps := kubernetes.NewForConfigOrDie(config).CoreV1().ConfigMaps(namespace)
	for i := range 25 {
		if _, err := maps.Create(ctx, configMap(fmt.Sprintf("m-%02d", i)), v1.CreateOptions{}); err != nil {
			return err
		}
	}
	p := pager.New(func(ctx context.Context, o v1.ListOptions) (runtime.Object, error) { return maps.List(ctx, o) })
	p.PageSize = 10
	seen := map[string]bool{}
	err := p.EachListItem(ctx, v1.ListOptions{LabelSelector: "app=check"}, func(o runtime.Object) error {
		seen[o.(*corev1.ConfigMap).Name] = true
		return nil
	})
	if err == nil && len(seen) != 25 {
		return fmt.Errorf("saw %d of 25", len(seen))
	}
	return err
}

func applyOwnsFields(ctx context.Context, config *rest.Config, namespace string) error {
	maps := kubernetes.NewForConfigOrDie(config).CoreV1().ConfigMaps(namespace)
	want := func(k, v string) *applycore.ConfigMapApplyConfiguration {
		return applycore.ConfigMap("owned", namespace).WithData(map[string]string{k: v})
	}
	if _, err := maps.Apply(ctx, want("a", "1"), v1.ApplyOptions{FieldManager: "first"}); err != nil {
		return err
	}
	if _, err := maps.Apply(ctx, want("a", "2"), v1.ApplyOptions{FieldManager: "second"}); !apierrors.IsConflict(err) {
		return fmt.Errorf("expected a conflict: %v", err)
	}
	if _, err := maps.Apply(ctx, want("a", "2"), v1.ApplyOptions{FieldManager: "second", Force: true}); err != nil {
		return err
	}
	m, err := maps.Apply(ctx, want("b", "3"), v1.ApplyOptions{FieldManager: "first"})
	if err != nil {
		return err
	}
	own, err := applycore.ExtractConfigMap(m, "first")
	if err == nil && (m.Data["a"] != "2" || own.Data["b"] != "3" || len(own.Data) != 1) {
		return fmt.Errorf("ownership is off: %v, %v", m.Data, own.Data)
	}
	return err
}

func oneLeaderAtATime(ctx context.Context, config *rest.Config, namespace string) error {
	client := kubernetes.NewForConfigOrDie(config)
	leading, ended := make(chan string, 2), make(chan string, 2)
	stop := map[string]context.CancelFunc{}
	for _, id := range []string{"a", "b"} {
		c, cancel := context.WithCancel(ctx)
		defer cancel()
		stop[id] = cancel
		go leaderelection.RunOrDie(c, leaderelection.LeaderElectionConfig{
			Lock:          &resourcelock.LeaseLock{LeaseMeta: v1.ObjectMeta{Name: "lock", Namespace: namespace}, Client: client.CoordinationV1(), LockConfig: resourcelock.ResourceLockConfig{Identity: id}},
			LeaseDuration: 3 * time.Second, RenewDeadline: 2 * time.Second, RetryPeriod: 200 * time.Millisecond, ReleaseOnCancel: true,
			Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(context.Context) { leading <- id }, OnStoppedLeading: func() { ended <- id }}})
	}
	first := <-leading
	if len(leading) != 0 {
		return errors.New("two lead at once")
	}
	stop[first]()
	if e := <-ended; e != first {
		return fmt.Errorf("%s ended, %s led", e, first)
	}
	select {
	case second := <-leading:
		if second == first {
			return errors.New("who ended leads again")
		}
		return nil
	case <-ctx.Done():
		return errors.New("nobody takes over")
	}
}

func customResources(ctx context.Context, config *rest.Config, namespace string) error {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return err
	}
	definition := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": map[string]any{"name": "boats.checks.example"},
		"spec": map[string]any{"group": "checks.example", "scope": "Namespaced", "names": map[string]any{"plural": "boats", "singular": "boat", "kind": "Boat"},
			"versions": []any{map[string]any{"name": "v1", "served": true, "storage": true, "subresources": map[string]any{"status": map[string]any{}},
				"schema": map[string]any{"openAPIV3Schema": map[string]any{"type": "object", "properties": map[string]any{
					"spec":   map[string]any{"type": "object", "properties": map[string]any{"length": map[string]any{"type": "integer", "minimum": int64(1)}}},
					"status": map[string]any{"type": "object", "properties": map[string]any{"afloat": map[string]any{"type": "boolean"}}}}}}}}}}}
	definitions := schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
	if _, err = client.Resource(definitions).Create(ctx, definition, v1.CreateOptions{}); err != nil {
		return err
	}
	found := memory.NewMemCacheClient(discovery.NewDiscoveryClientForConfigOrDie(config))
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(found)
	var boats schema.GroupVersionResource
	if err = until(ctx, "the kind is discovered", func() bool {
		mapper.Reset()
		m, err := mapper.RESTMapping(schema.GroupKind{Group: "checks.example", Kind: "Boat"})
		if err == nil {
			boats = m.Resource
		}
		return err == nil
	}); err != nil {
		return err
	}
	informer := dynamicinformer.NewFilteredDynamicInformer(client, boats, namespace, 0, cache.Indexers{}, nil)
	go informer.Informer().Run(ctx.Done())
	boat := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "checks.example/v1", "kind": "Boat", "metadata": map[string]any{"name": "b"}, "spec": map[string]any{"length": int64(3), "unknown": "x"}}}
	if _, err = client.Resource(boats).Namespace(namespace).Create(ctx, boat, v1.CreateOptions{}); err != nil {
		return err
	}
	if err = until(ctx, "the informer sees the boat", func() bool {
		o, err := informer.Lister().ByNamespace(namespace).Get("b")
		return err == nil && o.(*unstructured.Unstructured).Object["spec"].(map[string]any)["unknown"] == nil
	}); err != nil {
		return err
	}
	_, err = client.Resource(boats).Namespace(namespace).Patch(ctx, "b", types.MergePatchType, []byte(`{"spec":{"length":0}}`), v1.PatchOptions{})
	if !apierrors.IsInvalid(err) {
		return fmt.Errorf("expected Invalid: %v", err)
	}
	changed, err := client.Resource(boats).Namespace(namespace).Patch(ctx, "b", types.MergePatchType, []byte(`{"status":{"afloat":true},"spec":{"length":9}}`), v1.PatchOptions{}, "status")
	if err != nil {
		return err
	}
	if l, _, _ := unstructured.NestedInt64(changed.Object, "spec", "length"); l != 3 {
		return fmt.Errorf("a status patch changed the spec: %v", changed)
	}
	return client.Resource(definitions).Delete(ctx, "boats.checks.example", v1.DeleteOptions{})
}

func onlyMetadata(ctx context.Context, config *rest.Config, namespace string) error {
	if _, err := kubernetes.NewForConfigOrDie(config).CoreV1().ConfigMaps(namespace).Create(ctx, configMap("m", "a", "b"), v1.CreateOptions{}); err != nil {
		return err
	}
	list, err := metadata.NewForConfigOrDie(config).Resource(corev1.SchemeGroupVersion.WithResource("configmaps")).Namespace(namespace).List(ctx, v1.ListOptions{LabelSelector: "app=check"})
	if err == nil && (len(list.Items) != 1 || list.Items[0].Labels["app"] != "check") {
		return fmt.Errorf("not the metadata of one: %v", list)
	}
	return err
}

func scaleAndEvict(ctx context.Context, config *rest.Config, namespace string) error {
	client := kubernetes.NewForConfigOrDie(config)
	controller := &corev1.ReplicationController{ObjectMeta: v1.ObjectMeta{Name: "web"}, Spec: corev1.ReplicationControllerSpec{Selector: map[string]string{"app": "web"},
		Template: &corev1.PodTemplateSpec{ObjectMeta: v1.ObjectMeta{Labels: map[string]string{"app": "web"}}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "registry.example/web:1"}}}}}}
	if _, err := client.CoreV1().ReplicationControllers(namespace).Create(ctx, controller, v1.CreateOptions{}); err != nil {
		return err
	}
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client.Discovery()))
	scales, err := scale.NewForConfig(config, mapper, dynamic.LegacyAPIPathResolverFunc, scale.NewDiscoveryScaleKindResolver(client.Discovery()))
	if err != nil {
		return err
	}
	resource := schema.GroupResource{Resource: "replicationcontrollers"}
	now, err := scales.Scales(namespace).Get(ctx, resource, "web", v1.GetOptions{})
	if err != nil {
		return err
	}
	now.Spec.Replicas, now.ResourceVersion = 2, "" // the controller writes its status at the same time
	if _, err = scales.Scales(namespace).Update(ctx, resource, now, v1.UpdateOptions{}); err != nil {
		return err
	}
	pod := &corev1.Pod{ObjectMeta: v1.ObjectMeta{Name: "lonely"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "registry.example/main:1"}}}}
	if _, err = client.CoreV1().Pods(namespace).Create(ctx, pod, v1.CreateOptions{}); err != nil {
		return err
	}
	return client.PolicyV1().Evictions(namespace).Evict(ctx, &policyv1.Eviction{ObjectMeta: v1.ObjectMeta{Name: "lonely", Namespace: namespace}})
}

func tokensAreReviewed(ctx context.Context, config *rest.Config, namespace string) error {
	client := kubernetes.NewForConfigOrDie(config)
	if _, err := client.CoreV1().ServiceAccounts(namespace).Create(ctx, &corev1.ServiceAccount{ObjectMeta: v1.ObjectMeta{Name: "robot"}}, v1.CreateOptions{}); err != nil {
		return err
	}
	request, err := client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, "robot", &authenticationv1.TokenRequest{}, v1.CreateOptions{})
	if err != nil {
		return err
	}
	review, err := client.AuthenticationV1().TokenReviews().Create(ctx, &authenticationv1.TokenReview{Spec: authenticationv1.TokenReviewSpec{Token: request.Status.Token}}, v1.CreateOptions{})
	if err == nil && (!review.Status.Authenticated || review.Status.User.Username != "system:serviceaccount:"+namespace+":robot") {
		return fmt.Errorf("not the robot: %v", review.Status)
	}
	return err
}

func eventsAreCounted(ctx context.Context, config *rest.Config, namespace string) error {
	client := kubernetes.NewForConfigOrDie(config)
	m, err := client.CoreV1().ConfigMaps(namespace).Create(ctx, configMap("m"), v1.CreateOptions{})
	if err != nil {
		return err
	}
	broadcaster := record.NewBroadcaster()
	defer broadcaster.Shutdown()
	broadcaster.StartRecordingToSink(&typedcore.EventSinkImpl{Interface: client.CoreV1().Events(namespace)})
	recorder := broadcaster.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "check"})
	for range 3 {
		recorder.Event(m, corev1.EventTypeNormal, "Checked", "once more")
	}
	return until(ctx, "one event, counted to 3", func() bool {
		list, err := client.CoreV1().Events(namespace).List(ctx, v1.ListOptions{FieldSelector: "reason=Checked,involvedObject.name=m"})
		return err == nil && len(list.Items) == 1 && list.Items[0].Count == 3
	})
}
