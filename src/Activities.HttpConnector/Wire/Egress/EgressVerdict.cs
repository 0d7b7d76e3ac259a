using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire.Egress;

/// <summary>Shared and immutable. What <see cref="EgressGuard"/> thinks of an address, from harmless to worst.</summary>
public enum EgressVerdict
{
    /// <summary>A public unicast address.</summary>
    Public,

    /// <summary>Private, loopback, shared or documentation: reached only when the operator allows private networks.</summary>
    Private,

    /// <summary>Link-local, cloud metadata, multicast, reserved: never reached.</summary>
    Forbidden,
}
