using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>Shared and immutable. What was signed, for the test panel.</summary>
/// <param name="Bytes">The exact bytes under the signature. They may hold signed header values: mask them before they are shown.</param>
/// <param name="Signature">The value of <see cref="HmacSignature.SignatureHeader"/>: base64 with padding.</param>
public sealed record SignedMessage(ReadOnlyMemory<byte> Bytes, string Signature);
