// An operator's test suite as controller-runtime's envtest runs it, on j8s's launchers: definitions and webhooks are installed, a manager with a controller and a webhook
// server runs, a second user is added. `it/envtest/run` runs it.
package envtest_test

import (
	"context"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

func ptr[T any](v T) *T { return &v }

func TestEnvtest(t *testing.T) {
	preserve := true
	crd := &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "widgets.example.dev"},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: "example.dev", Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: "widgets", Singular: "widget", Kind: "Widget", ListKind: "WidgetList"},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{Name: "v1", Served: true, Storage: true,
				Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{Type: "object", XPreserveUnknownFields: &preserve}}}},
		},
	}
	path := "/refuse"
	hook := &admissionv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: "hooks"},
		Webhooks: []admissionv1.ValidatingWebhook{{
			Name: "refuse.example.dev", AdmissionReviewVersions: []string{"v1"}, SideEffects: ptr(admissionv1.SideEffectClassNone), FailurePolicy: ptr(admissionv1.Fail),
			ClientConfig: admissionv1.WebhookClientConfig{Service: &admissionv1.ServiceReference{Name: "hook", Namespace: "default", Path: &path}},
			Rules:        []admissionv1.RuleWithOperations{{Operations: []admissionv1.OperationType{"CREATE"}, Rule: admissionv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"configmaps"}}}},
		}},
	}
	env := &envtest.Environment{
		CRDs:                     []*apiextensionsv1.CustomResourceDefinition{crd},
		WebhookInstallOptions:    envtest.WebhookInstallOptions{ValidatingWebhooks: []*admissionv1.ValidatingWebhookConfiguration{hook}},
		AttachControlPlaneOutput: true,
	}
	began := time.Now()
	config, err := env.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in %v", time.Since(began))
	defer func() {
		began := time.Now()
		if err := env.Stop(); err != nil {
			t.Error(err)
		}
		t.Logf("stopped in %v", time.Since(began))
	}()
	manager, err := ctrl.NewManager(config, ctrl.Options{Metrics: metricsserver.Options{BindAddress: "0"}, WebhookServer: webhook.NewServer(webhook.Options{
		Host: env.WebhookInstallOptions.LocalServingHost, Port: env.WebhookInstallOptions.LocalServingPort, CertDir: env.WebhookInstallOptions.LocalServingCertDir})})
	if err != nil {
		t.Fatal(err)
	}
	manager.GetWebhookServer().Register(path, &admission.Webhook{Handler: admission.HandlerFunc(func(ctx context.Context, r admission.Request) admission.Response {
		if r.Name == "bad" {
			return admission.Response{AdmissionResponse: admission.Denied("bad it is").AdmissionResponse}
		}
		return admission.Allowed("")
	})})
	seen := make(chan string, 10)
	if err := ctrl.NewControllerManagedBy(manager).For(&corev1.ConfigMap{}).Complete(reconciler(func(ctx context.Context, r ctrl.Request) (ctrl.Result, error) {
		select {
		case seen <- r.Name:
		default:
		}
		return ctrl.Result{}, nil
	})); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { _ = manager.Start(ctx) }()
	c, err := client.New(config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	widget := &unstructured.Unstructured{}
	widget.SetGroupVersionKind(schema.GroupVersionKind{Group: "example.dev", Version: "v1", Kind: "Widget"})
	widget.SetNamespace("default")
	widget.SetName("one")
	if err := c.Create(ctx, widget); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		err = c.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "bad", Namespace: "default"}})
		if err != nil && client.IgnoreNotFound(err) != nil && contains(err.Error(), "bad it is") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the webhook does not refuse: %v", err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err := c.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "good", Namespace: "default"}}); err != nil {
		t.Fatal(err)
	}
	for {
		select {
		case name := <-seen:
			if name == "good" {
				user, err := env.AddUser(envtest.User{Name: "someone", Groups: []string{"nobody"}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				other, err := client.New(user.Config(), client.Options{})
				if err == nil {
					err = other.Get(ctx, client.ObjectKey{Namespace: "default", Name: "good"}, &corev1.ConfigMap{})
				}
				if err == nil {
					t.Fatal("a user without rights reads")
				}
				t.Logf("refused: %v", err)
				return
			}
		case <-time.After(30 * time.Second):
			t.Fatal("the controller is not told of the ConfigMap")
		}
	}
}

type reconciler func(context.Context, ctrl.Request) (ctrl.Result, error)

func (f reconciler) Reconcile(ctx context.Context, r ctrl.Request) (ctrl.Result, error) {
	return f(ctx, r)
}

func contains(s, part string) bool {
	for i := 0; i+len(part) <= len(s); i++ {
		if s[i:i+len(part)] == part {
			return true
		}
	}
	return false
}
