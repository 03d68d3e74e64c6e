#!/bin/sh
# Every step that makes one of Parley's images out of a bare Debian 12. The Dockerfiles run nothing
# else, and test/deploy runs the same steps in a root of its own.
#
#   install.sh build            in a checkout: npm packages, mediasoup's worker and the pages; keeps what runs
#   install.sh runtime          Debian's packages that `build` has listed, and the user
#   install.sh silero           Debian's Python with torch, and the user
#   install.sh cuda             in what `build` left: ONNX Runtime's CUDA provider, from NuGet
#   install.sh cuda-libraries D in NVIDIA's image: the CUDA libraries that provider loads, into folder D
set -eu
export DEBIAN_FRONTEND=noninteractive

HERE=$(dirname "$(readlink -f "$0")")
ROOT=$(dirname "$HERE")
LIST=$HERE/packages.txt
# What only building takes.
TOOLS=/usr/local/lib/parley-build
NPM_VERSION=10.8.2
# Of the user that everything runs as; the same in every image, so that volumes can be given to it.
USER_ID=10001

debian() {
  apt-get update
  apt-get install --yes --no-install-recommends "$@"
  rm -rf /var/lib/apt/lists/*
}

add_user() {
  groupadd --gid "$USER_ID" parley
  useradd --uid "$USER_ID" --gid parley --no-create-home --home-dir /tmp \
    --shell /usr/sbin/nologin parley
}

# Debian's npm is too old to see which packages are for its libc; it fetches Node 24 and a newer one.
tools() {
  cd "$TOOLS"
  arch=$(node -p process.arch)
  version=$(node -p "require('$ROOT/package.json').optionalDependencies['node-linux-$arch']")
  npm install --prefix "$TOOLS" --ignore-scripts --no-audit --no-fund "node-linux-$arch@$version" "npm@$NPM_VERSION"
  node=$TOOLS/node_modules/node-linux-$arch/bin/node
  npm_execpath=$TOOLS/node_modules/npm/bin/npm-cli.js
  export npm_execpath
}

build() {
  debian ca-certificates npm
  mkdir -p "$TOOLS"
  tools
  cd "$ROOT"
  "$node" docker/packages.mjs runtime >"$LIST"
  # Names are words.
  # shellcheck disable=SC2046
  debian $("$node" docker/packages.mjs build)
  # What setup makes outlives it beside the program.
  XDG_CACHE_HOME="$ROOT/cache" "$node" setup/main.mjs image
  "$node" "$npm_execpath" prune --ignore-scripts --omit=dev --no-audit --no-fund
  ln -sf "../node-linux-$arch/bin/node" node_modules/.bin/node
  keep_what_runs "$arch"
}

# ONNX Runtime comes with the libraries of other systems, 250 MB of them.
keep_what_runs() {
  runtimes=node_modules/onnxruntime-node/bin/napi-v6
  find "$runtimes" -mindepth 1 -maxdepth 1 ! -name linux -exec rm -r {} +
  find "$runtimes/linux" -mindepth 1 -maxdepth 1 ! -name "$1" -exec rm -r {} +
  rm -rf cache/parley/logs
}

cuda() {
  cd "$ROOT"
  node_modules/.bin/node node_modules/onnxruntime-node/script/install.js \
    --onnxruntime-node-install=cuda12
}

cuda_libraries() {
  mkdir -p "$1"
  for name in cublas cublasLt cudart cufft curand nvrtc nvJitLink; do
    cp --no-dereference /usr/local/cuda/lib64/lib"$name".so.* "$1"
  done
  cp --no-dereference /usr/lib/x86_64-linux-gnu/libcudnn*.so.* "$1"
}

case "${1-}" in
build) build ;;
runtime)
  # Names are words.
  # shellcheck disable=SC2046
  debian $(cat "$LIST")
  add_user
  ;;
silero)
  debian python3 python3-torch tini
  add_user
  ;;
cuda) cuda ;;
cuda-libraries) cuda_libraries "$2" ;;
*)
  echo "usage: install.sh build|runtime|silero|cuda|cuda-libraries FOLDER" >&2
  exit 64
  ;;
esac
