using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>
/// Per request. Carries a fault out of the connect callback, which can only throw; <c>HttpTransport</c> turns it back into a value.
/// </summary>
internal sealed class EgressException(string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public HttpFault Fault { get; } = new(code, message);
}
