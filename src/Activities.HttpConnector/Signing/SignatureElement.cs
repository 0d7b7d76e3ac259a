using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Signing;

/// <summary>Shared and immutable. One element of a <see cref="SignatureTemplate"/>.</summary>
/// <param name="Part">Which part of the request it stands for.</param>
/// <param name="HeaderName">The header's name, for <see cref="SignaturePart.Header"/>; else null.</param>
public sealed record SignatureElement(SignaturePart Part, string? HeaderName = null)
{
    /// <summary>As a template names it.</summary>
    internal string Name => Part == SignaturePart.Header ? $"HEADER_{HeaderName}" : Part.ToString().ToUpperInvariant();
}

/// <summary>Shared and immutable. The parts of a request that can be signed.</summary>
public enum SignaturePart
{
    /// <summary>The method, in upper case.</summary>
    Method,

    /// <summary>Path and query, as sent.</summary>
    Uri,

    /// <summary>A header's value, as sent; nothing when it is not sent.</summary>
    Header,

    /// <summary>The exact body bytes.</summary>
    Body,
}
