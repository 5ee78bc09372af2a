#!/usr/bin/env node
"use strict";

require("../tools/transpile.js");
require("./main.ts");
