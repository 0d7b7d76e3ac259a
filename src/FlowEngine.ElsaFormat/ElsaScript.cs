using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Templates;

namespace FlowEngine.ElsaFormat;

/// <summary>
/// Per expression and single-threaded: turns JavaScript that asks Elsa for variables and inputs into JavaScript over the context's roots,
/// or, where it does no more than put texts and values together, into a template.
/// </summary>
internal sealed class ElsaScript
{
    private const int MaxNesting = 32;

    private readonly string _source;
    private readonly ElsaVariables _variables;
    private int _position;

    private ElsaScript(string source, ElsaVariables variables)
    {
        _source = source;
        _variables = variables;
    }

    /// <summary>The expression over the context's roots.</summary>
    /// <param name="source">The expression.</param>
    /// <param name="variables">Where Elsa's variables stand.</param>
    /// <param name="script">The expression, or null.</param>
    /// <param name="problem">What it asks Elsa for that there is no equal of, or null.</param>
    public static bool TryTranslate(
        string source,
        ElsaVariables variables,
        [NotNullWhen(true)] out string? script,
        [NotNullWhen(false)] out string? problem
    )
    {
        var output = new StringBuilder(source.Length);
        problem = new ElsaScript(source, variables).Code(output, 0);
        script = problem is null ? output.ToString() : null;
        return problem is null;
    }

    /// <summary>The value that the expression stands for: a literal, or a
    /// template of texts and paths; missing when it computes anything.</summary>
    public static FlowValue ToTemplate(string source, ElsaVariables variables)
    {
        var script = new ElsaScript(source, variables);
        return script.Sum();
    }

    // Expressions that are templates: texts, template literals and paths, joined by '+'.

    private FlowValue Sum()
    {
        var text = new StringBuilder();
        var terms = 0;
        var isText = false;
        var only = FlowValue.Missing;
        do
        {
            SkipSpace();
            if (_position < _source.Length && _source[_position] is '"' or '\'' or '`')
            {
                isText |= terms < 2;
                if (!TryQuoted(text))
                    return FlowValue.Missing;
            }
            else if (TryPath(out var path))
            {
                text.Append("{{").Append(path).Append("}}");
            }
            else if (terms == 0 && TryConstant(out only))
            {
                return only;
            }
            else
            {
                return FlowValue.Missing;
            }
            terms++;
            SkipSpace();
        } while (Accept('+'));

        // Without a text among the first two, '+' may add numbers.
        return _position == _source.Length && (terms == 1 || isText) ? FlowValue.From(text.ToString()) : FlowValue.Missing;
    }

    private bool TryConstant(out FlowValue value)
    {
        var rest = _source.AsSpan(_position).Trim();
        value = rest switch
        {
            "true" => FlowValue.True,
            "false" => FlowValue.False,
            "null" => FlowValue.Null,
            _ => double.TryParse(
                rest,
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? FlowValue.From(number)
                : FlowValue.Missing,
        };
        return !value.IsMissing;
    }

    /// <summary>Reads a string or template literal into a template's text.</summary>
    private bool TryQuoted(StringBuilder text)
    {
        var quote = _source[_position++];
        while (_position < _source.Length)
        {
            var c = _source[_position++];
            if (c == quote)
                return true;
            if (c == '\\')
            {
                if (!TryEscape(out c))
                    return false;
                text.Append(c);
            }
            else if (c == '$' && quote == '`' && Accept('{'))
            {
                SkipSpace();
                if (!TryPath(out var path))
                    return false;
                SkipSpace();
                if (!Accept('}'))
                    return false;
                text.Append("{{").Append(path).Append("}}");
            }
            else if (c == '{' && _position < _source.Length && _source[_position] == '{')
            {
                _position++;
                text.Append("\\{{");
            }
            else
            {
                text.Append(c);
            }
        }
        return false;
    }

    private bool TryEscape(out char c)
    {
        c = _position < _source.Length ? _source[_position++] : '\0';
        switch (c)
        {
            case 'n':
                c = '\n';
                return true;
            case 'r':
                c = '\r';
                return true;
            case 't':
                c = '\t';
                return true;
            default:
                return !char.IsLetterOrDigit(c) && c is not ('\n' or '\r' or '\0');
        }
    }

    /// <summary>Reads <c>getInput('x')</c> or <c>variables.x</c> and the members behind it.</summary>
    private bool TryPath([NotNullWhen(true)] out string? path)
    {
        path = null;
        var start = _position;
        if (!TrySource(out var from))
        {
            _position = start;
            return false;
        }

        var text = new StringBuilder(from);
        while (TryMember(out var member))
            text.Append(member);
        path = text.ToString();
        if (ContextPath.TryParse(path, out _, out _))
            return true;
        path = null;
        _position = start;
        return false;
    }

    private bool TrySource([NotNullWhen(true)] out string? path)
    {
        path = null;
        var word = Word();
        if (word == "getInput")
        {
            SkipSpace();
            if (!Accept('('))
                return false;
            SkipSpace();
            if (!TryName(out var name))
                return false;
            SkipSpace();
            if (!Accept(')'))
                return false;
            path = ElsaVariables.PathOfInput(name);
            return true;
        }
        if (word != "variables" || !TryMemberName(out var variable))
            return false;
        path = _variables.PathOf(variable);
        return path is not null;
    }

    private bool TryMember([NotNullWhen(true)] out string? member)
    {
        member = null;
        var start = _position;
        if (Accept('['))
        {
            var digits = _position;
            while (_position < _source.Length && char.IsAsciiDigit(_source[_position]))
                _position++;
            if (_position > digits && Accept(']'))
            {
                member = _source[start.._position];
                return true;
            }
            _position = start;
        }
        if (!TryMemberName(out var name))
            return false;
        member = ElsaVariables.Member(name);
        return true;
    }

    private bool TryMemberName([NotNullWhen(true)] out string? name)
    {
        var start = _position;
        if (Accept('['))
        {
            if (TryName(out name) && Accept(']'))
                return true;
        }
        else
        {
            Accept('?');
            if (Accept('.') && Word() is { Length: > 0 } word)
            {
                // A method's call is no member of the context.
                name = word;
                if (_position == _source.Length || _source[_position] != '(')
                    return true;
            }
        }
        _position = start;
        name = null;
        return false;
    }

    private bool TryName([NotNullWhen(true)] out string? name)
    {
        name = null;
        if (_position >= _source.Length || _source[_position] is not ('"' or '\''))
            return false;
        var text = new StringBuilder();
        if (!TryQuoted(text))
            return false;
        name = text.ToString().Replace("\\{{", "{{", StringComparison.Ordinal);
        return true;
    }

    // Whole expressions: copied, but for what they ask Elsa for.

    private string? Code(StringBuilder output, int nesting)
    {
        if (nesting > MaxNesting)
            return "template literals that nest too deeply";

        var braces = 0;
        var isMember = false;
        while (_position < _source.Length)
        {
            var c = _source[_position];
            if (c == '}' && nesting > 0 && braces-- == 0)
                return null;
            braces += c == '{' ? 1 : 0;

            if (IsWordStart(c))
            {
                if (Name(output, isMember) is { } problem)
                    return problem;
                isMember = false;
                continue;
            }
            if (char.IsAsciiDigit(c))
            {
                output.Append(Word());
                isMember = false;
                continue;
            }
            if (c is '"' or '\'' or '`')
            {
                if (Quoted(output, nesting) is { } problem)
                    return problem;
                isMember = false;
                continue;
            }
            if (c == '/' && _position + 1 < _source.Length && _source[_position + 1] is '/' or '*')
            {
                CopyComment(output);
                continue;
            }
            if (!char.IsWhiteSpace(c))
                isMember = c == '.' && !(_position >= 2 && _source[_position - 1] == '.' && _source[_position - 2] == '.');
            output.Append(c);
            _position++;
        }
        return null;
    }

    private string? Name(StringBuilder output, bool isMember)
    {
        var start = _position;
        var word = Word();
        if (isMember)
        {
            output.Append(word);
            return null;
        }

        if (word is "getInput" or "variables")
        {
            _position = start;
            if (!TrySource(out var path))
                return Quote(word, start);
            output.Append(path.Contains('-', StringComparison.Ordinal) ? InBrackets(path) : path);
            return null;
        }

        var after = _position;
        SkipSpace();
        var isCall = _position < _source.Length && _source[_position] == '(';
        _position = after;
        if (isCall && IsElsaFunction(word))
            return Quote(word, start);
        output.Append(word);
        return null;
    }

    private string Quote(string word, int start)
    {
        var rest = _source.AsSpan(start, Math.Min(60, _source.Length - start)).ToString().ReplaceLineEndings(" ");
        return $"'{(rest.Length > word.Length ? rest : word)}'";
    }

    /// <summary>A path with '-' in a name, as JavaScript wants it.</summary>
    private static string InBrackets(string path)
    {
        if (!ContextPath.TryParse(path, out var parsed, out _))
            return path;
        var names = parsed!.Segments.Select(name => $"[{FlowValue.From(name).ToJson()}]");
        return path[..path.AsSpan().IndexOfAny('.', '[')] + string.Concat(names);
    }

    /// <summary>Functions that Elsa puts into its scripts: getters and setters of everything, and a few of its own.</summary>
    private static bool IsElsaFunction(string word) =>
        word
            is "toJson"
                or "isNullOrEmpty"
                or "isNullOrWhiteSpace"
                or "parseGuid"
                or "newGuid"
                or "newGuidString"
                or "newShortGuid"
                or "bytesToString"
                or "bytesFromString"
                or "bytesToBase64"
                or "bytesFromBase64"
                or "stringToBase64"
                or "stringFromBase64"
                or "streamToBytes"
                or "streamToBase64"
        || word.Length > 3
            && (word.StartsWith("get", StringComparison.Ordinal) || word.StartsWith("set", StringComparison.Ordinal))
            && char.IsAsciiLetterUpper(word[3]);

    private string? Quoted(StringBuilder output, int nesting)
    {
        var quote = _source[_position];
        output.Append(quote);
        for (_position++; _position < _source.Length; _position++)
        {
            var c = _source[_position];
            output.Append(c);
            if (c == '\\' && _position + 1 < _source.Length)
            {
                output.Append(_source[++_position]);
            }
            else if (c == quote)
            {
                _position++;
                return null;
            }
            else if (c == '$' && quote == '`' && _position + 1 < _source.Length && _source[_position + 1] == '{')
            {
                output.Append('{');
                _position += 2;
                if (Code(output, nesting + 1) is { } problem)
                    return problem;
                if (_position >= _source.Length)
                    break;
                output.Append('}');
            }
        }
        return "a text without an end";
    }

    private void CopyComment(StringBuilder output)
    {
        var end =
            _source[_position + 1] == '/'
                ? _source.IndexOf('\n', _position)
                : _source.IndexOf("*/", _position + 2, StringComparison.Ordinal) + 2;
        if (end < _position + 2)
            end = _source.Length;
        output.Append(_source, _position, end - _position);
        _position = end;
    }

    private string Word()
    {
        var start = _position;
        while (_position < _source.Length && (IsWordStart(_source[_position]) || char.IsDigit(_source[_position])))
            _position++;
        return _source[start.._position];
    }

    private static bool IsWordStart(char c) => char.IsLetter(c) || c is '_' or '$';

    private bool Accept(char c)
    {
        if (_position >= _source.Length || _source[_position] != c)
            return false;
        _position++;
        return true;
    }

    private void SkipSpace()
    {
        while (_position < _source.Length && char.IsWhiteSpace(_source[_position]))
            _position++;
    }
}
