#include "build_facts.h"

const char *_Nonnull const sidelong_revision = SIDELONG_REVISION;
