/// The plugins of the default profile, each a class under upstream's name; [DefaultPlugins] lists them in order.
@NullMarked
package io.j8s.scheduler.plugins;

import org.jspecify.annotations.NullMarked;
