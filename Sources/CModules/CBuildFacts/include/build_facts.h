#ifndef SIDELONG_BUILD_FACTS_H
#define SIDELONG_BUILD_FACTS_H

/// The Git commit this program was built from, or "unknown" outside a checkout.
extern const char *_Nonnull const sidelong_revision;

#endif
