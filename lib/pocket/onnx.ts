/**
 * Writes ONNX models: the few protobuf messages that a training graph needs, straight to bytes.
 * Field numbers are those of onnx.proto3 (IR version 9, opset 20, plus com.microsoft 1).
 */

export type DataType = "float32" | "int64" | "bool";
export type Attribute = { i: number } | { f: number } | { s: string } | { ints: readonly number[] };
/** A dimension is a number, or a name for one that is only known at run time. */
export type Dimensions = readonly (number | string)[];

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: { readonly [name: string]: Attribute };
  readonly domain?: string;
}

export interface ValueSpec {
  readonly name: string;
  readonly type: DataType;
  readonly dimensions: Dimensions;
}

export interface ConstantSpec {
  readonly name: string;
  readonly type: DataType;
  readonly dimensions: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export interface ModelSpec {
  readonly nodes: readonly NodeSpec[];
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly constants: readonly ConstantSpec[];
}

const ELEMENT_TYPE: { readonly [type in DataType]: number } = { float32: 1, int64: 7, bool: 9 };

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
  } while (rest);
  return Buffer.from(bytes);
}

const integer = (field: number, value: number) => Buffer.concat([varint(field << 3), varint(value)]);

function bytes(field: number, content: Uint8Array | string): Buffer {
  const body = Buffer.from(content as string);
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
}

function float(field: number, value: number): Buffer {
  const body = Buffer.alloc(4);
  body.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), body]);
}

function attribute(name: string, value: Attribute): Buffer {
  const body = [bytes(1, name)];
  if ("i" in value) body.push(integer(3, value.i), integer(20, 2));
  else if ("f" in value) body.push(float(2, value.f), integer(20, 1));
  else if ("s" in value) body.push(bytes(4, value.s), integer(20, 3));
  else body.push(...value.ints.map((x) => integer(8, x)), integer(20, 7));
  return Buffer.concat(body);
}

function node(spec: NodeSpec): Buffer {
  return Buffer.concat([
    ...spec.inputs.map((name) => bytes(1, name)),
    ...spec.outputs.map((name) => bytes(2, name)),
    bytes(3, spec.outputs[0]),
    bytes(4, spec.op),
    ...(spec.domain ? [bytes(7, spec.domain)] : []),
    ...Object.entries(spec.attributes ?? {}).map(([name, value]) => bytes(5, attribute(name, value))),
  ]);
}

function constant(spec: ConstantSpec): Buffer {
  const raw = new Uint8Array(spec.data.buffer, spec.data.byteOffset, spec.data.byteLength);
  return Buffer.concat([
    ...spec.dimensions.map((d) => integer(1, d)),
    integer(2, ELEMENT_TYPE[spec.type]),
    bytes(8, spec.name),
    bytes(9, raw),
  ]);
}

function value(spec: ValueSpec): Buffer {
  const shape = Buffer.concat(
    spec.dimensions.map((d) => bytes(1, typeof d === "number" ? integer(1, d) : bytes(2, d))),
  );
  const tensor = Buffer.concat([integer(1, ELEMENT_TYPE[spec.type]), bytes(2, shape)]);
  return Buffer.concat([bytes(1, spec.name), bytes(2, bytes(1, tensor))]);
}

/** The bytes of a ModelProto that ONNX Runtime loads. */
export function encodeModel(model: ModelSpec): Uint8Array {
  const graph = Buffer.concat([
    ...model.nodes.map((n) => bytes(1, node(n))),
    bytes(2, "heldout"),
    ...model.constants.map((c) => bytes(5, constant(c))),
    ...model.inputs.map((v) => bytes(11, value(v))),
    ...model.outputs.map((v) => bytes(12, value(v))),
  ]);
  const opset = (domain: string, version: number) => bytes(8, Buffer.concat([bytes(1, domain), integer(2, version)]));
  return Buffer.concat([integer(1, 9), bytes(7, graph), opset("", 20), opset("com.microsoft", 1)]);
}
