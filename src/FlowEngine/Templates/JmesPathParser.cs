using System.Globalization;
using System.Text.Json;
using Node = FlowEngine.Templates.JmesPathCost.Node;

namespace FlowEngine.Templates;

/// <summary>
/// Per expression and single-threaded: the tree of a JMESPath expression, for what it costs. The library parses for itself; where it
/// binds more
/// tightly or less, an estimate stays the same or grows, as what a projection made several stays several.
/// </summary>
internal sealed class JmesPathParser(string text)
{
    /// <summary>How deeply brackets and operators may nest.</summary>
    private const int MaxDepth = 32;

    /// <summary>How many digits an index may have: the library counts through the places of a slice.</summary>
    private const int MaxDigits = 5;

    private static readonly string[] Symbols =
    [
        "||",
        "&&",
        "==",
        "!=",
        "<=",
        ">=",
        "[?",
        "[]",
        ".",
        "*",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        ",",
        ":",
        "|",
        "&",
        "!",
        "<",
        ">",
        "@",
    ];

    private readonly List<Token> _tokens = [];
    private int _position;
    private int _depth;

    private enum Kind : byte
    {
        Symbol,
        Name,
        QuotedName,
        Number,
        Constant,
        End,
    }

    private readonly record struct Token(Kind Kind, string Text, int Length = 0);

    /// <summary>The functions that it calls.</summary>
    public List<string> Functions { get; } = [];

    private Token Current => _tokens[_position];

    /// <exception cref="FormatException">It is not taken; the message says why.</exception>
    public Node Parse()
    {
        Split();
        var node = Expression(0);
        return Current.Kind == Kind.End ? node : throw Unexpected();
    }

    private FormatException Unexpected() =>
        new(
            Current.Kind == Kind.End
                ? "has an expression that ends too early"
                : $"has an expression with a '{Current.Text}' where JMESPath has none, or that is not taken here"
        );

    private bool Is(string symbol) => Current.Kind == Kind.Symbol && Current.Text == symbol;

    private bool Accept(string symbol)
    {
        if (!Is(symbol))
            return false;
        _position++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Accept(symbol))
            throw Unexpected();
    }

    private Node Expression(int binding)
    {
        if (++_depth > MaxDepth)
            throw new FormatException($"has an expression that nests more than {MaxDepth} deep");
        var left = First();
        while (Current.Kind == Kind.Symbol && BindingOf(Current.Text) is var power && power > binding)
            left = Next(left, power);
        _depth--;
        return left;
    }

    private static int BindingOf(string symbol) =>
        symbol switch
        {
            "|" => 1,
            "||" => 2,
            "&&" => 3,
            "==" or "!=" or "<" or "<=" or ">" or ">=" => 5,
            "[]" or "[?" or "[" => 55,
            "." => 40,
            _ => 0,
        };

    private Node Next(Node left, int power)
    {
        var symbol = Current.Text;
        if (symbol is "[" or "[]" or "[?")
            return new JmesPathCost.Chain(left, Bracket());
        _position++;
        if (symbol == ".")
            return new JmesPathCost.Chain(left, BehindDot());
        var right = Expression(power);
        return symbol == "|" ? new JmesPathCost.Chain(left, right) : new JmesPathCost.Logic(left, right, IsComparison: power == 5);
    }

    private Node BehindDot() =>
        Is("[") ? List()
        : Is("{") || Is("*") || Current.Kind is Kind.Name or Kind.QuotedName ? First()
        : throw Unexpected();

    private Node First()
    {
        var token = Current;
        if (Is("[") || Is("[]") || Is("[?"))
            return Bracket();
        _position++;
        switch (token.Kind)
        {
            case Kind.Name:
                return Is("(") ? Call(token.Text) : new JmesPathCost.Member();
            case Kind.QuotedName:
                return new JmesPathCost.Member();
            case Kind.Constant:
                return new JmesPathCost.Constant(token.Length);
            case Kind.Symbol when token.Text == "@":
                return new JmesPathCost.Member();
            case Kind.Symbol when token.Text == "*":
                return new JmesPathCost.Each();
            case Kind.Symbol when token.Text == "{":
                return Object();
            case Kind.Symbol when token.Text == "!":
                return new JmesPathCost.Logic(Expression(45), null, IsComparison: true);
            case Kind.Symbol when token.Text == "(":
                var inner = Expression(0);
                Expect(")");
                return inner;
            default:
                _position--;
                throw Unexpected();
        }
    }

    private Node Bracket()
    {
        if (Accept("[]"))
            return new JmesPathCost.Each();
        if (Accept("[?"))
        {
            var condition = Expression(0);
            Expect("]");
            return new JmesPathCost.Filter(condition);
        }
        var next = _tokens[_position + 1];
        if (next is { Kind: Kind.Number } or { Kind: Kind.Symbol, Text: ":" })
            return Index();
        if (next is { Kind: Kind.Symbol, Text: "*" } && _tokens[_position + 2] is { Kind: Kind.Symbol, Text: "]" })
        {
            _position += 3;
            return new JmesPathCost.Each();
        }
        return List();
    }

    /// <summary><c>[1]</c>, or a slice with up to three numbers.</summary>
    private Node Index()
    {
        Expect("[");
        var numbers = new int?[3];
        var colons = 0;
        while (!Accept("]"))
        {
            if (Current.Kind == Kind.Number && numbers[colons] is null)
                numbers[colons] = int.Parse(_tokens[_position++].Text, CultureInfo.InvariantCulture);
            else if (!Is(":") || ++colons > 2)
                throw Unexpected();
            else
                _position++;
        }
        if (colons == 0)
            return new JmesPathCost.Member();
        var (start, stop, step) = (numbers[0], numbers[1], numbers[2]);
        var steps = Math.Abs((double)(start ?? 0)) + Math.Abs((double)(stop ?? 0));
        var taken =
            start is not < 0 && stop is >= 0 && step is null or > 0
                ? Math.Max(0, stop.GetValueOrDefault() - (start ?? 0))
                : double.MaxValue;
        return new JmesPathCost.Slice(stop is null ? double.MaxValue : taken, steps);
    }

    private JmesPathCost.Several List()
    {
        Expect("[");
        List<Node> parts = [];
        do parts.Add(Expression(0));
        while (Accept(","));
        Expect("]");
        return new JmesPathCost.Several(parts, 0);
    }

    private JmesPathCost.Several Object()
    {
        List<Node> parts = [];
        var names = 0;
        do
        {
            if (Current.Kind is not (Kind.Name or Kind.QuotedName))
                throw Unexpected();
            names += _tokens[_position++].Text.Length;
            Expect(":");
            parts.Add(Expression(0));
        } while (Accept(","));
        Expect("}");
        return new JmesPathCost.Several(parts, names);
    }

    private JmesPathCost.Call Call(string name)
    {
        if (!JmesPathSignature.All.TryGetValue(name, out var function))
            throw new FormatException($"has an expression with the function '{name}', which is not taken here");
        Functions.Add(name);
        Expect("(");
        List<Node> arguments = [];
        if (!Is(")"))
        {
            do arguments.Add(Argument(function.Expression == arguments.Count));
            while (Accept(","));
        }
        Expect(")");
        return arguments.Count < function.Least || arguments.Count > function.Most
            ? throw new FormatException($"has an expression in which '{name}' has {arguments.Count} arguments")
            : new JmesPathCost.Call(function, arguments);
    }

    private Node Argument(bool isExpression)
    {
        if (isExpression != Accept("&"))
            throw Unexpected();
        var argument = Expression(0);
        // The library has one object for all of these, and marks it.
        return isExpression && argument is JmesPathCost.Each
            ? throw new FormatException("has an expression with an & before nothing but [*], [] or *: write &@[*]")
            : argument;
    }

    // What it is made of.

    private void Split()
    {
        for (var i = 0; i < text.Length; )
        {
            var c = text[i];
            if (c is ' ' or '\t' or '\r' or '\n')
                i++;
            else
                i += Add(c, i);
        }
        // Three, so that two may be looked at ahead.
        _tokens.Add(new(Kind.End, ""));
        _tokens.Add(new(Kind.End, ""));
        _tokens.Add(new(Kind.End, ""));
    }

    private int Add(char c, int start)
    {
        var token =
            char.IsAsciiLetter(c) || c == '_'
                ? new Token(Kind.Name, Run(start, letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            : char.IsAsciiDigit(c) || c == '-' ? Number(start)
            : c is '"' or '\'' or '`' ? Quoted(start, c)
            : Array.Find(Symbols, symbol => string.CompareOrdinal(text, start, symbol, 0, symbol.Length) == 0) is { } found
                ? new Token(Kind.Symbol, found)
            : throw new FormatException($"has an expression with a '{c}', which is not taken here");
        _tokens.Add(token);
        return token.Kind is Kind.QuotedName or Kind.Constant ? token.Length : token.Text.Length;
    }

    private string Run(int start, Predicate<char> belongs)
    {
        var end = start + 1;
        while (end < text.Length && belongs(text[end]))
            end++;
        return text[start..end];
    }

    private Token Number(int start)
    {
        var digits = Run(start, char.IsAsciiDigit);
        return digits.Length > (digits[0] == '-' ? 1 : 0) && digits.TrimStart('-').Length <= MaxDigits
            ? new Token(Kind.Number, digits)
            : throw new FormatException($"has an expression with a '-' that is no sign, or a number of more than {MaxDigits} digits");
    }

    private Token Quoted(int start, char quote)
    {
        var end = start + 1;
        while (end < text.Length && text[end] != quote)
            end += text[end] == '\\' && quote != '`' ? 2 : 1;
        if (end >= text.Length)
            throw new FormatException($"has an expression with a {quote} that is not closed");
        var whole = text[start..(end + 1)];
        if (quote == '`')
            CheckJson(whole[1..^1]);
        return new Token(quote == '"' ? Kind.QuotedName : Kind.Constant, whole, whole.Length);
    }

    private static void CheckJson(string json)
    {
        try
        {
            // A backslash before the last backtick would have the library read on.
            if (!json.EndsWith('\\'))
            {
                using var document = JsonDocument.Parse(json);
                return;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new FormatException("has an expression with something between backticks that is not JSON");
    }
}
