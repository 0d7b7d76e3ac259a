using Acornima;
using Acornima.Ast;
using FlowEngine.Errors;
using FlowEngine.Settings;
using Jint;
using SourceLocation = FlowEngine.Errors.SourceLocation;

namespace FlowEngine.Scripting;

/// <summary>Prepares scripts when a flow is compiled. Stateless.</summary>
internal static class ScriptCompiler
{
    private static readonly ScriptPreparationOptions Preparation = new()
    {
        CollectReferencedGlobals = true,
        ParsingOptions = new ScriptParsingOptions { AllowReturnOutsideFunction = false, CompileRegex = false },
    };

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "arguments",
        "await",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "eval",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "implements",
        "import",
        "in",
        "instanceof",
        "interface",
        "let",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "return",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "var",
        "void",
        "while",
        "with",
        "yield",
    };

    private static readonly HashSet<string> Globals = new(StringComparer.Ordinal)
    {
        "Infinity",
        "NaN",
        "undefined",
        "decodeURI",
        "decodeURIComponent",
        "encodeURI",
        "encodeURIComponent",
        "escape",
        "unescape",
        "isFinite",
        "isNaN",
        "parseFloat",
        "parseInt",
        "globalThis",
        "Array",
        "Boolean",
        "Date",
        "Error",
        "AggregateError",
        "EvalError",
        "RangeError",
        "ReferenceError",
        "SyntaxError",
        "TypeError",
        "URIError",
        "Function",
        "Iterator",
        "JSON",
        "Map",
        "Math",
        "Number",
        "Object",
        "Promise",
        "Reflect",
        "RegExp",
        "Set",
        "String",
        "Symbol",
        "WeakMap",
        "WeakSet",
        "SuppressedError",
        "DisposableStack",
        "AsyncDisposableStack",
    };

    /// <summary>Whether a text can be the name of a variable.</summary>
    public static bool IsVariableName(string name)
    {
        if (name.Length == 0 || Reserved.Contains(name) || !(char.IsLetter(name[0]) || name[0] is '_' or '$'))
            return false;
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '$'))
                return false;
        }
        return true;
    }

    /// <summary>Prepares the body of a function; null, with the problem reported, when it is not one.</summary>
    public static ScriptProgram? CompileBody(string code, IReadOnlyList<string> variables, SourceLocation at, DiagnosticBag problems) =>
        Compile(code, variables, at, problems, isExpression: false);

    /// <summary>Prepares an expression whose truth is the result; null, with the problem reported, when it is not one.</summary>
    /// <param name="code">The expression.</param>
    /// <param name="known">The variables that it may use.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="used">Those of the variables that it does use: the program's arguments.</param>
    public static ScriptProgram? CompileExpression(
        string code,
        IReadOnlyList<string> known,
        SourceLocation at,
        DiagnosticBag problems,
        out IReadOnlyList<string> used
    )
    {
        used = [];
        // A first look without variables finds out which of them are used.
        if (Prepare(Wrap(code, [], isExpression: true), code, at, problems) is not { } free)
            return null;
        var referenced = free.ReferencedGlobals!;
        used = referenced.Contains("globalThis") ? known : [.. known.Where(referenced.Contains)];
        return Compile(code, used, at, problems, isExpression: true);
    }

    /// <summary>The paths of the context that an expression names; none when it cannot be parsed.</summary>
    /// <param name="code">The expression.</param>
    /// <param name="roots">The names of the roots.</param>
    public static IReadOnlyCollection<ScriptPath> PathsIn(string code, IReadOnlyList<string> roots) =>
        Prepare(Wrap(code, [], isExpression: true), code, SourceLocation.Root(null), new DiagnosticBag()) is { Program: { } program }
            ? ScriptPaths.In(program, roots)
            : [];

    private static ScriptProgram? Compile(
        string code,
        IReadOnlyList<string> variables,
        SourceLocation at,
        DiagnosticBag problems,
        bool isExpression
    )
    {
        var wrapped = Wrap(code, variables, isExpression);
        if (Prepare(wrapped, code, at, problems) is not { } script)
            return null;
        if (!IsOneFunction(script.Program!, isExpression))
        {
            problems.Error(
                FlowErrors.ScriptSyntax,
                at,
                isExpression ? "The script is not one expression." : "The script closes a brace that it did not open."
            );
            return null;
        }

        foreach (var name in script.ReferencedGlobals!)
        {
            if (Builtins.RemovedGlobals.Contains(name))
                problems.Warning(
                    FlowErrors.ScriptSyntax,
                    at,
                    $"'{name}' is not available in scripts.",
                    "Do without it: scripts have no raw memory, BigInt, proxies, Intl or Temporal."
                );
            else if (!Globals.Contains(name))
                problems.Warning(
                    FlowErrors.ScriptSyntax,
                    at,
                    $"The script uses '{name}', which is not defined.",
                    Suggestion.For(name, [.. variables, .. Globals]) ?? "Add it to \"arguments\"."
                );
        }

        string? refusal = null;
        var names = new ScriptNames(script.Program!);
        if (names.HasBigInt)
        {
            refusal = "The script uses a BigInt, which scripts may not have: its size cannot be limited. Use text or numbers.";
            problems.Warning(FlowErrors.ScriptLimit, at, refusal, "Use text or numbers: ids beyond 2^53 arrive as text.");
        }
        if (Array.Find([KeyLimit.Name, Checkpoints.Name], names.Contains) is { } taken)
        {
            problems.Error(
                FlowErrors.ScriptSyntax,
                at,
                $"The script uses the name '{taken}', which is the engine's own.",
                "Choose another name."
            );
            return null;
        }

        List<KeyLimit.Insertion> checkpoints;
        try
        {
            if (!Checkpoints.TryFind(script.Program!, out checkpoints))
            {
                problems.Error(FlowErrors.ScriptSyntax, at, "The script takes apart too many arrays with '...'.", "Use slice().");
                return null;
            }
        }
        catch (InsufficientExecutionStackException)
        {
            problems.Error(FlowErrors.ScriptSyntax, at, "The script cannot be parsed: it nests too deeply.");
            return null;
        }
        var keys = KeyLimit.Find(script.Program!, wrapped);
        KeyLimit.Insertion[] insertions = [.. keys.Concat(checkpoints).OrderBy(insertion => insertion.Offset)];
        var limited = insertions.Length > 0 ? Prepare(KeyLimit.Apply(wrapped, insertions), code, at, problems) : script;
        var map = new SourceMap(code, wrapped, insertions);
        var isBrief = BriefScript.Is(script.Program!);
        return limited is null
            ? null
            : new ScriptProgram(limited.Value, names, map, keys.Count > 0, checkpoints.Count > 0, isBrief, refusal);
    }

    private static string Wrap(string code, IReadOnlyList<string> variables, bool isExpression) =>
        isExpression
            ? $"(function({string.Join(',', variables)}){{return !!(\n{code}\n)}})"
            : $"(function({string.Join(',', variables)}){{\n{code}\n}})";

    private static Prepared<Script>? Prepare(string wrapped, string code, SourceLocation at, DiagnosticBag problems)
    {
        if (code.Length > ScriptLimits.SourceLength)
        {
            problems.Error(
                FlowErrors.ScriptSyntax,
                at,
                $"The script has {code.Length} characters; {ScriptLimits.SourceLength} are allowed.",
                "Split it."
            );
            return null;
        }

        try
        {
            return Engine.PrepareScript(wrapped, "script", strict: true, options: Preparation);
        }
        catch (Exception error) when (error is ScriptPreparationException or ParseErrorException)
        {
            var cause = error as ParseErrorException ?? error.InnerException as ParseErrorException;
            if (cause is null)
            {
                problems.Error(FlowErrors.ScriptSyntax, at, "The script cannot be parsed: it nests too deeply.");
                return null;
            }
            var line = Math.Clamp(cause.LineNumber - 1, 1, LinesOf(code));
            problems.Error(
                FlowErrors.ScriptSyntax,
                at,
                $"The script has a syntax error at line {line}, column {cause.Column + 1}: {cause.Description}",
                line: line
            );
            return null;
        }
        catch (Exception error) when (error is InsufficientExecutionStackException)
        {
            problems.Error(FlowErrors.ScriptSyntax, at, "The script cannot be parsed: it nests too deeply.");
            return null;
        }
    }

    /// <summary>Whether the code stayed inside the function that was put around it.</summary>
    private static bool IsOneFunction(Script script, bool isExpression)
    {
        if (
            script.Body.Count != 1
            || script.Body[0] is not ExpressionStatement { Expression: FunctionExpression { Body: FunctionBody body } }
        )
            return false;
        return !isExpression || (body.Body.Count == 1 && body.Body[0] is ReturnStatement);
    }

    private static int LinesOf(string code) => 1 + code.AsSpan().Count('\n');
}
