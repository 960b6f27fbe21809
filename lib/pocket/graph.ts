/**
 * A small reverse-mode autodiff that writes ONNX instead of computing.
 *
 * Every operation appends nodes to the graph and, where a gradient is defined, remembers how to append the nodes
 * of its vector-Jacobian product. `gradients` walks the tape backwards. Batch and sequence length stay symbolic,
 * so one session serves every shape; shapes that a backward pass needs are taken from the forward tensors.
 */
import { encodeModel } from "./onnx";
import type { Attribute, ConstantSpec, DataType, Dimensions, NodeSpec, ValueSpec } from "./onnx";

export interface Tensor {
  readonly name: string;
}

type Attributes = { readonly [name: string]: Attribute };
type Backward = (gradient: Tensor) => readonly (Tensor | undefined)[];

interface TapeEntry {
  readonly output: Tensor;
  readonly inputs: readonly Tensor[];
  readonly backward: Backward;
}

export class Graph {
  private readonly nodes: NodeSpec[] = [];
  private readonly inputs: ValueSpec[] = [];
  private readonly outputs: ValueSpec[] = [];
  private readonly constants = new Map<string, ConstantSpec>();
  private readonly tape: TapeEntry[] = [];
  private count = 0;

  input(name: string, dimensions: Dimensions, type: DataType = "float32"): Tensor {
    this.inputs.push({ name, type, dimensions });
    return { name };
  }

  output(tensor: Tensor, name: string, dimensions: Dimensions): void {
    this.nodes.push({ op: "Identity", inputs: [tensor.name], outputs: [name] });
    this.outputs.push({ name, type: "float32", dimensions });
  }

  build(): Uint8Array {
    const { nodes, inputs, outputs } = this;
    return encodeModel({ nodes, inputs, outputs, constants: [...this.constants.values()] });
  }

  /** A node without a gradient. */
  op(op: string, inputs: readonly Tensor[], attributes: Attributes = {}, domain?: string): Tensor {
    return this.ops(op, inputs, 1, attributes, domain)[0];
  }

  /** x cut along its last axis into `parts` pieces of the given sizes. Without a gradient. */
  split(x: Tensor, sizes: Tensor, parts: number): Tensor[] {
    return this.ops("Split", [x, sizes], parts, { axis: { i: -1 } });
  }

  /** x with one more column of a value. Without a gradient. */
  append(x: Tensor, value: number): Tensor {
    return this.op("Pad", [x, this.integers(0, 1), this.scalar(value), this.integers(-1)]);
  }

  private ops(
    op: string,
    inputs: readonly Tensor[],
    outputs: number,
    attributes: Attributes,
    domain?: string,
  ): Tensor[] {
    const made = Array.from({ length: outputs }, () => ({ name: `t${this.count++}` }));
    this.nodes.push({ op, inputs: inputs.map((t) => t.name), outputs: made.map((t) => t.name), attributes, domain });
    return made;
  }

  private record(output: Tensor, inputs: readonly Tensor[], backward: Backward): Tensor {
    this.tape.push({ output, inputs, backward });
    return output;
  }

  scalar(value: number): Tensor {
    return this.constant(`f${value}`, "float32", [], Float32Array.of(value));
  }

  scalars(...values: number[]): Tensor {
    return this.constant(`fs${values}`, "float32", [values.length], Float32Array.from(values));
  }

  integers(...values: number[]): Tensor {
    return this.constant(`i${values}`, "int64", [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** A constant; the same key gives the same one. */
  constant(key: string, type: DataType, dimensions: readonly number[], data: Float32Array | BigInt64Array) {
    const name = `c_${key}`;
    if (!this.constants.has(name)) this.constants.set(name, { name, type, dimensions, data });
    return { name };
  }

  private vector(length: number, value: number): Tensor {
    return this.constant(`v${length}_${value}`, "float32", [length], new Float32Array(length).fill(value));
  }

  // Elementwise. Two operands have the same shape, unless one is marked as constant.

  add(a: Tensor, b: Tensor): Tensor {
    return this.record(this.op("Add", [a, b]), [a, b], (g) => [g, g]);
  }

  subtract(a: Tensor, b: Tensor): Tensor {
    return this.record(this.op("Sub", [a, b]), [a, b], (g) => [g, this.op("Neg", [g])]);
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    return this.record(this.op("Mul", [a, b]), [a, b], (g) => [this.op("Mul", [g, b]), this.op("Mul", [g, a])]);
  }

  /** x + c for a constant that may be broadcast (a mask, a number). */
  shift(x: Tensor, constant: Tensor): Tensor {
    return this.record(this.op("Add", [x, constant]), [x], (g) => [g]);
  }

  /** x · c for a constant that may be broadcast. */
  scale(x: Tensor, constant: Tensor): Tensor {
    return this.record(this.op("Mul", [x, constant]), [x], (g) => [this.op("Mul", [g, constant])]);
  }

  /** x [..., n] · column [..., 1], the column repeated along the last axis. */
  scaleRows(x: Tensor, column: Tensor): Tensor {
    return this.record(this.op("Mul", [x, column]), [x, column], (g) => [
      this.op("Mul", [g, column]),
      this.op("ReduceSum", [this.op("Mul", [g, x]), this.integers(-1)]),
    ]);
  }

  exp(x: Tensor): Tensor {
    const y = this.op("Exp", [x]);
    return this.record(y, [x], (g) => [this.op("Mul", [g, y])]);
  }

  log(x: Tensor): Tensor {
    return this.record(this.op("Log", [x]), [x], (g) => [this.op("Div", [g, x])]);
  }

  sigmoid(x: Tensor): Tensor {
    const y = this.op("Sigmoid", [x]);
    return this.record(y, [x], (g) => {
      const slope = this.op("Mul", [y, this.op("Sub", [this.scalar(1), y])]);
      return [this.op("Mul", [g, slope])];
    });
  }

  /** max(x, 0)², the activation of the feed-forward layers (So et al. 2021, arXiv:2109.08668). */
  squaredRelu(x: Tensor): Tensor {
    const positive = this.op("Relu", [x]);
    const y = this.op("Mul", [positive, positive]);
    return this.record(y, [x], (g) => [this.op("Mul", [g, this.op("Mul", [positive, this.scalar(2)])])]);
  }

  clip(x: Tensor, low: number, high: number): Tensor {
    const y = this.op("Clip", [x, this.scalar(low), this.scalar(high)]);
    return this.record(y, [x], (g) => [this.op("Where", [this.op("Equal", [x, y]), g, this.scalar(0)])]);
  }

  minimum(a: Tensor, b: Tensor): Tensor {
    return this.record(this.op("Min", [a, b]), [a, b], (g) => {
      const first = this.op("LessOrEqual", [a, b]);
      const zero = this.scalar(0);
      return [this.op("Where", [first, g, zero]), this.op("Where", [first, zero, g])];
    });
  }

  // Products.

  /** x [..., n] · w [n, m]; `w` is a parameter. */
  linear(x: Tensor, w: Tensor, n: number, m: number): Tensor {
    return this.record(this.op("MatMul", [x, w]), [x, w], (g) => [
      this.product(g, w, { transposeB: true }),
      this.product(this.reshape(x, [-1, n]), this.reshape(g, [-1, m]), { transposeA: true }),
    ]);
  }

  /** x [..., n] · wᵀ for a parameter w [m, n]: the output layer that shares the embedding. */
  linearTransposed(x: Tensor, w: Tensor, n: number, m: number): Tensor {
    return this.record(this.product(x, w, { transposeB: true }), [x, w], (g) => [
      this.op("MatMul", [g, w]),
      this.product(this.reshape(g, [-1, m]), this.reshape(x, [-1, n]), { transposeA: true }),
    ]);
  }

  /** alpha · a · bᵀ over the last two axes of a batch. */
  matmulTransposed(a: Tensor, b: Tensor, alpha = 1): Tensor {
    return this.record(this.product(a, b, { transposeB: true, alpha }), [a, b], (g) => [
      this.product(g, b, { alpha }),
      this.product(g, a, { transposeA: true, alpha }),
    ]);
  }

  /** a · b over the last two axes of a batch. */
  matmul(a: Tensor, b: Tensor): Tensor {
    return this.record(this.op("MatMul", [a, b]), [a, b], (g) => [
      this.product(g, b, { transposeB: true }),
      this.product(a, g, { transposeA: true }),
    ]);
  }

  /** x · c over the last two axes for a constant c. */
  matmulConstant(x: Tensor, constant: Tensor): Tensor {
    return this.record(this.op("MatMul", [x, constant]), [x], (g) => [this.product(g, constant, { transposeB: true })]);
  }

  /** A product without a gradient. */
  product(a: Tensor, b: Tensor, how: { transposeA?: boolean; transposeB?: boolean; alpha?: number } = {}): Tensor {
    const attributes = {
      transA: { i: Number(how.transposeA ?? false) },
      transB: { i: Number(how.transposeB ?? false) },
      alpha: { f: how.alpha ?? 1 },
    };
    return this.op("FusedMatMul", [a, b], attributes, "com.microsoft");
  }

  // Layout.

  /** 0 keeps a dimension and -1 infers one. Without a gradient: use {@link view} on the way forward. */
  reshape(x: Tensor, shape: readonly number[]): Tensor {
    return this.op("Reshape", [x, this.integers(...shape)]);
  }

  view(x: Tensor, shape: readonly number[]): Tensor {
    return this.record(this.reshape(x, shape), [x], (g) => [this.op("Reshape", [g, this.op("Shape", [x])])]);
  }

  transpose(x: Tensor, order: readonly number[]): Tensor {
    const inverse = order.map((_, axis) => order.indexOf(axis));
    return this.record(this.op("Transpose", [x], { perm: { ints: order } }), [x], (g) => [
      this.op("Transpose", [g], { perm: { ints: inverse } }),
    ]);
  }

  // Layers.

  /** Rows of the parameter w [rows, width] for integer indices of any shape. */
  embed(w: Tensor, indices: Tensor, rows: number, width: number): Tensor {
    return this.record(this.op("Gather", [w, indices]), [w], (g) => {
      const zeros = this.op("ConstantOfShape", [this.integers(rows, width)]);
      return [this.scatterRows(zeros, indices, g, width)];
    });
  }

  /** Rows of x [..., width], flattened to a matrix, for integer indices of any shape. */
  selectRows(x: Tensor, indices: Tensor, width: number): Tensor {
    const flat = this.reshape(x, [-1, width]);
    return this.record(this.op("Gather", [flat, indices]), [x], (g) => {
      const zeros = this.op("ConstantOfShape", [this.op("Shape", [flat])]);
      return [this.op("Reshape", [this.scatterRows(zeros, indices, g, width), this.op("Shape", [x])])];
    });
  }

  private scatterRows(zeros: Tensor, indices: Tensor, rows: Tensor, width: number): Tensor {
    const inputs = [zeros, this.reshape(indices, [-1, 1]), this.reshape(rows, [-1, width])];
    return this.op("ScatterND", inputs, { reduction: { s: "add" } });
  }

  /** (x − mean) / deviation over the last axis, without learned gain or bias. */
  layerNorm(x: Tensor, width: number): Tensor {
    const attributes = { axis: { i: -1 }, epsilon: { f: 1e-5 } };
    const [y, , inverse] = this.ops("LayerNormalization", [x, this.vector(width, 1)], 3, attributes);
    return this.record(y, [x], (g) => {
      const mean = (t: Tensor) => this.op("ReduceMean", [t, this.integers(-1)]);
      const along = this.op("Mul", [y, mean(this.op("Mul", [g, y]))]);
      return [this.op("Mul", [this.op("Sub", [this.op("Sub", [g, mean(g)]), along]), inverse])];
    });
  }

  softmax(x: Tensor): Tensor {
    const p = this.op("Softmax", [x], { axis: { i: -1 } });
    return this.record(p, [x], (g) => {
      const weighted = this.op("Mul", [g, p]);
      const sum = this.op("ReduceSum", [weighted, this.integers(-1)]);
      return [this.op("Sub", [weighted, this.op("Mul", [p, sum])])];
    });
  }

  /** Rotary position embedding of x [batch, heads, length, size] (Su et al. 2021, arXiv:2104.09864). */
  rotary(x: Tensor, positions: Tensor, cosine: Tensor, sine: Tensor): Tensor {
    const turn = (t: Tensor, s: Tensor) => this.op("RotaryEmbedding", [t, positions, cosine, s], {}, "com.microsoft");
    return this.record(turn(x, sine), [x], (g) => [turn(g, this.op("Neg", [sine]))]);
  }

  /** log softmax(logits)[target] over the last axis; `target` has one column. */
  logProbability(logits: Tensor, target: Tensor): Tensor {
    const all = this.op("LogSoftmax", [logits], { axis: { i: -1 } });
    return this.record(this.op("GatherElements", [all, target], { axis: { i: -1 } }), [logits], (g) => {
      const spread = this.op("Mul", [this.op("Exp", [all]), this.op("Neg", [g])]);
      const attributes = { axis: { i: -1 }, reduction: { s: "add" } };
      return [this.op("ScatterElements", [spread, target, g], attributes)];
    });
  }

  /** Σ over the last axis, kept as one column, of x · c for a constant c of the same shape. */
  weightedRowSum(x: Tensor, constant: Tensor): Tensor {
    const sum = this.op("ReduceSum", [this.op("Mul", [x, constant]), this.integers(-1)]);
    return this.record(sum, [x], (g) => [this.op("Mul", [g, constant])]);
  }

  /** Σ of x · c over everything, for a constant c of the same shape. */
  weightedSum(x: Tensor, constant: Tensor): Tensor {
    const sum = this.op("ReduceSum", [this.op("Mul", [x, constant])], { keepdims: { i: 0 } });
    return this.record(sum, [x], (g) => [this.op("Mul", [g, constant])]);
  }

  /** d(loss)/d(parameter) for each parameter, as new tensors of the graph. */
  gradients(loss: Tensor, parameters: readonly Tensor[]): Tensor[] {
    const found = new Map<string, Tensor>([[loss.name, this.scalar(1)]]);
    for (const entry of [...this.tape].reverse()) {
      const gradient = found.get(entry.output.name);
      if (!gradient) continue;
      entry.backward(gradient).forEach((g, i) => {
        if (!g) return;
        const name = entry.inputs[i].name;
        const before = found.get(name);
        found.set(name, before ? this.op("Add", [before, g]) : g);
      });
    }
    return parameters.map((p) => {
      const gradient = found.get(p.name);
      if (!gradient) throw new Error(`parameter ${p.name} does not reach the loss`);
      return gradient;
    });
  }
}
