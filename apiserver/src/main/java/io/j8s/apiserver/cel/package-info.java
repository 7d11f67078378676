/// The Common Expression Language as Kubernetes has it: its environment, its functions, compiled expressions. The only package that knows the CEL library; nothing of it is
/// loaded before the first expression is compiled.
@NullMarked
package io.j8s.apiserver.cel;

import org.jspecify.annotations.NullMarked;
