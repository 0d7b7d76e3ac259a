using FlowEngine.Errors;

namespace FlowEngine.ElsaFormat;

/// <summary>Shared and immutable: the codes of what Elsa has and this engine has not.</summary>
public static class ElsaErrors
{
    /// <summary>An Elsa activity without an equal.</summary>
    public static readonly ErrorCode Activity = new(
        "elsa.unsupported_activity",
        "The Elsa activity has no equal here; it is kept as it is, but cannot run.",
        "Replace it by an activity of the flow engine, or register a type of its name."
    );

    /// <summary>An Elsa expression without an equal.</summary>
    public static readonly ErrorCode Expression = new(
        "elsa.unsupported_expression",
        "The Elsa expression has no equal here; it is kept as it is, but has no effect.",
        "Write the value as a literal, {{path}}, or a Scriptlet before the activity."
    );

    /// <summary>An Elsa setting without an equal.</summary>
    public static readonly ErrorCode Setting = new(
        "elsa.unsupported_setting",
        "An Elsa setting has no equal here; it is kept as it is, but has no effect.",
        "Check whether the flow needs it."
    );

    /// <summary>An Elsa connection without an equal.</summary>
    public static readonly ErrorCode Connection = new(
        "elsa.unsupported_connection",
        "An Elsa connection leaves by a port that the activity does not have here.",
        "Connect the outcome that the message names."
    );

    /// <summary>An Elsa activity that needs a connector.</summary>
    public static readonly ErrorCode Connector = new(
        "elsa.connector",
        "The Elsa activity names a URL where a connector is needed.",
        "Create the connector file that the message names."
    );

    /// <summary>An outcome of an Elsa activity by which its flow ends without a word.</summary>
    public static readonly ErrorCode SilentEnd = new(
        "elsa.silent_end",
        "Nothing is connected to an outcome of the Elsa activity: Elsa's flow ends there as if all was well, here the run fails.",
        "Connect the outcome to what is to follow."
    );

    /// <summary>A loop that Elsa refuses.</summary>
    public static readonly ErrorCode IrreducibleLoop = new(
        "elsa.irreducible_loop",
        "Elsa's default flowchart fails at a connection that leads back into a loop which can also be entered elsewhere.",
        "Let the loop be entered at one activity, or set Elsa's flowchart to its token-based mode."
    );

    /// <summary>All of them, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(ElsaErrors));
}
