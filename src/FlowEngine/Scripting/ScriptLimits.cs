namespace FlowEngine.Scripting;

/// <summary>What a script may use (SPEC 6). Stateless.</summary>
internal static class ScriptLimits
{
    /// <summary>How long a script may run.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    /// <summary>How many bytes a script may allocate from beginning to end, what the garbage collector took back included.</summary>
    public const long Memory = 32 * 1024 * 1024;

    /// <summary>How often one function may stand on the call stack.</summary>
    public const int Recursion = 100;

    /// <summary>How many elements an array may have.</summary>
    public const uint ArrayLength = 1_000_000;

    /// <summary>How long a script's source may be, in characters.</summary>
    public const int SourceLength = 64 * 1024;

    /// <summary>How long a text may be that one built-in function, or a part of a long statement, makes, in characters.</summary>
    public const int TextLength = 1024 * 1024;

    /// <summary>How long all texts of a result, or of the arguments of a built-in function, may be together, in characters.</summary>
    public const int ResultText = 4 * 1024 * 1024;

    /// <summary>How long a regular expression may be that a script makes, in characters.</summary>
    public const int PatternLength = 8 * 1024;

    /// <summary>How long a text may be that a built-in function works on which needs many bytes for each character.</summary>
    public const int SubjectLength = 128 * 1024;

    /// <summary>How deeply a result, or a text for JSON.parse, may nest.</summary>
    public const int Depth = 64;

    /// <summary>How many values a result may have in it.</summary>
    public const int ResultValues = 100_000;
}
