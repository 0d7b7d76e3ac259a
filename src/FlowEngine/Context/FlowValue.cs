using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FlowEngine.Json;

namespace FlowEngine.Context;

/// <summary>What a <see cref="FlowValue"/> holds: JSON's kinds, and <see cref="Missing"/> for a path that leads nowhere.</summary>
public enum FlowValueKind : byte
{
    /// <summary>Nothing is there. The default value.</summary>
    Missing,

    /// <summary>JSON null.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A number: a 64-bit integer, a double, or the exact text of a number that neither holds.</summary>
    Number,

    /// <summary>Text.</summary>
    String,

    /// <summary>A <see cref="FlowArray"/>.</summary>
    Array,

    /// <summary>A <see cref="FlowObject"/>.</summary>
    Object,
}

/// <summary>
/// Shared and immutable: one JSON value of a run's context, with a mark that says whether it is sensitive.
/// </summary>
/// <remarks>
/// Because values never change, the context, the trace and parallel branches share them without copying. The sensitive mark of an array or
/// object covers everything inside it. Numbers keep what they were: an integer stays exact in 64 bits, and text with more digits than a
/// double holds (a database <c>numeric</c>) is kept digit by digit.
/// </remarks>
public readonly struct FlowValue : IEquatable<FlowValue>
{
    private enum NumberForm : byte
    {
        Integer,
        Double,
        ExactText,
    }

    private readonly object? _reference;
    private readonly long _bits;
    private readonly FlowValueKind _kind;
    private readonly NumberForm _form;
    private readonly bool _sensitive;

    private FlowValue(FlowValueKind kind, object? reference, long bits, NumberForm form, bool sensitive)
    {
        _kind = kind;
        _reference = reference;
        _bits = bits;
        _form = form;
        _sensitive = sensitive;
    }

    /// <summary>No value: the default.</summary>
    public static FlowValue Missing => default;

    /// <summary>JSON null.</summary>
    public static FlowValue Null { get; } = new(FlowValueKind.Null, null, 0, default, false);

    /// <summary>JSON true.</summary>
    public static FlowValue True { get; } = new(FlowValueKind.Boolean, null, 1, default, false);

    /// <summary>JSON false.</summary>
    public static FlowValue False { get; } = new(FlowValueKind.Boolean, null, 0, default, false);

    /// <summary>The empty text.</summary>
    public static FlowValue EmptyText { get; } = From("");

    /// <summary>What the value holds.</summary>
    public FlowValueKind Kind => _kind;

    /// <summary>Whether the value came from a secret, a token or a password input, or was made from one.</summary>
    public bool IsSensitive => _sensitive;

    /// <summary>Whether there is no value at all.</summary>
    public bool IsMissing => _kind == FlowValueKind.Missing;

    /// <summary>Whether the value is missing or JSON null.</summary>
    public bool IsNothing => _kind <= FlowValueKind.Null;

    /// <summary>Wraps text; a null reference becomes JSON null.</summary>
    public static FlowValue From(string? text) => text is null ? Null : new(FlowValueKind.String, text, 0, default, false);

    /// <summary>Wraps a boolean.</summary>
    public static FlowValue From(bool value) => value ? True : False;

    /// <summary>Wraps an integer.</summary>
    public static FlowValue From(long value) => new(FlowValueKind.Number, null, value, NumberForm.Integer, false);

    /// <summary>Wraps a double. NaN and the infinities become JSON null, as in <c>JSON.stringify</c>.</summary>
    public static FlowValue From(double value)
    {
        if (!double.IsFinite(value))
            return Null;

        // An integral double that 53 bits hold exactly is kept as an integer, so that 404.0 equals 404 everywhere.
        if (Math.Abs(value) <= 9007199254740992d && Math.Floor(value) == value)
            return From((long)value);
        return new(FlowValueKind.Number, null, BitConverter.DoubleToInt64Bits(value), NumberForm.Double, false);
    }

    /// <summary>Wraps a decimal without losing a digit; <c>1.50</c> stays <c>1.50</c>.</summary>
    public static FlowValue From(decimal value) =>
        value.Scale == 0 && value is >= long.MinValue and <= long.MaxValue
            ? From((long)value)
            : FromNumberText(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Wraps an array.</summary>
    public static FlowValue From(FlowArray array) => new(FlowValueKind.Array, array, 0, default, false);

    /// <summary>Wraps an object.</summary>
    public static FlowValue From(FlowObject value) => new(FlowValueKind.Object, value, 0, default, false);

    /// <summary>An object of these members, in this order; those that are <see cref="Missing"/> are left out.</summary>
    public static FlowValue Object(params ReadOnlySpan<(string Name, FlowValue Value)> members)
    {
        var builder = new FlowObjectBuilder(members.Length);
        foreach (var (name, value) in members)
        {
            if (!value.IsMissing)
                builder.Set(name, value);
        }
        return From(builder.Build());
    }

    /// <summary>An array of these values.</summary>
    public static FlowValue Array(params IEnumerable<FlowValue> items) => From(FlowArray.From(items));

    /// <summary>An array of these texts.</summary>
    public static FlowValue Texts(params IEnumerable<string> texts) => Array(texts.Select(From));

    /// <summary>Wraps a number given as the text of a JSON number, digit by digit.</summary>
    public static FlowValue FromNumberText(string text) => new(FlowValueKind.Number, text, 0, NumberForm.ExactText, false);

    /// <summary>Parses JSON text.</summary>
    /// <exception cref="System.Text.Json.JsonException">The text is not JSON.</exception>
    public static FlowValue Parse(string json) => JsonReading.Parse(json);

    /// <summary>The same value with the sensitive mark.</summary>
    public FlowValue AsSensitive() => WithSensitive(true);

    /// <summary>The same value, marked when <paramref name="sensitive"/> is true; an existing mark stays.</summary>
    public FlowValue WithSensitive(bool sensitive) =>
        sensitive && !_sensitive && _kind != FlowValueKind.Missing ? new(_kind, _reference, _bits, _form, true) : this;

    /// <summary>Whether the value is a boolean, and which.</summary>
    public bool TryGetBoolean(out bool value)
    {
        value = _bits != 0;
        return _kind == FlowValueKind.Boolean;
    }

    /// <summary>Whether the value is text, and which.</summary>
    public bool TryGetText([NotNullWhen(true)] out string? text)
    {
        text = _kind == FlowValueKind.String ? (string)_reference! : null;
        return text is not null;
    }

    /// <summary>Whether the value is an array, and which. The array's elements do not repeat the value's sensitive mark.</summary>
    public bool TryGetArray([NotNullWhen(true)] out FlowArray? array)
    {
        array = _kind == FlowValueKind.Array ? (FlowArray)_reference! : null;
        return array is not null;
    }

    /// <summary>Whether the value is an object, and which. The object's members do not repeat the value's sensitive mark.</summary>
    public bool TryGetObject([NotNullWhen(true)] out FlowObject? value)
    {
        value = _kind == FlowValueKind.Object ? (FlowObject)_reference! : null;
        return value is not null;
    }

    /// <summary>Whether the value is a number that a 64-bit integer holds exactly, and which.</summary>
    public bool TryGetInteger(out long value)
    {
        value = _bits;
        if (_kind != FlowValueKind.Number || _form == NumberForm.Double)
            return false;
        return _form == NumberForm.Integer
            || long.TryParse((string)_reference!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether the value is a number, as the nearest double.</summary>
    public bool TryGetDouble(out double value)
    {
        value = 0;
        if (_kind != FlowValueKind.Number)
            return false;

        value = _form switch
        {
            NumberForm.Integer => _bits,
            NumberForm.Double => BitConverter.Int64BitsToDouble(_bits),
            _ => double.Parse((string)_reference!, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        return true;
    }

    /// <summary>Whether the value is a number that a decimal holds, and which.</summary>
    public bool TryGetDecimal(out decimal value)
    {
        value = 0;
        if (_kind != FlowValueKind.Number)
            return false;

        if (_form == NumberForm.Integer)
        {
            value = _bits;
            return true;
        }
        return decimal.TryParse(NumberText(), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The member of that name, or <see cref="Missing"/>; it inherits this value's sensitive mark.</summary>
    public FlowValue Get(string name) =>
        _kind == FlowValueKind.Object ? ((FlowObject)_reference!).Get(name).WithSensitive(_sensitive) : Missing;

    /// <summary>The member of that name whatever its case (for header names), or
    /// <see cref="Missing"/>; it inherits this value's sensitive mark.</summary>
    public FlowValue GetIgnoringCase(string name) =>
        _kind == FlowValueKind.Object ? ((FlowObject)_reference!).GetIgnoringCase(name).WithSensitive(_sensitive) : Missing;

    /// <summary>The element at that index, or <see cref="Missing"/>; it inherits this value's sensitive mark.</summary>
    public FlowValue Get(int index) =>
        _kind == FlowValueKind.Array ? ((FlowArray)_reference!).Get(index).WithSensitive(_sensitive) : Missing;

    /// <summary>
    /// The value as text: text as it is, numbers and booleans as in JSON, nothing for null or missing, arrays and objects as compact JSON
    /// (SPEC 4).
    /// </summary>
    public string ToText() =>
        _kind switch
        {
            FlowValueKind.String => (string)_reference!,
            FlowValueKind.Number => NumberText(),
            FlowValueKind.Boolean => _bits != 0 ? "true" : "false",
            FlowValueKind.Array or FlowValueKind.Object => ToJson(),
            _ => "",
        };

    /// <summary>The value as compact JSON, written as <c>JSON.stringify</c> writes it. Missing becomes <c>null</c>.</summary>
    public string ToJson() => JsonWriting.ToText(this);

    /// <summary>Whether this or anything inside it carries the sensitive mark.</summary>
    public bool ContainsSensitive()
    {
        if (_sensitive)
            return true;
        if (_kind == FlowValueKind.Array)
            return ((FlowArray)_reference!).ContainsSensitive();
        return _kind == FlowValueKind.Object && ((FlowObject)_reference!).ContainsSensitive();
    }

    /// <summary>Equal kind and content; numbers by value; objects whatever the
    /// order of their members. The sensitive mark does not count.</summary>
    public bool Equals(FlowValue other)
    {
        if (_kind != other._kind)
            return false;

        switch (_kind)
        {
            case FlowValueKind.Boolean:
                return _bits == other._bits;
            case FlowValueKind.Number:
                if (_form == other._form && _form != NumberForm.ExactText)
                    return _bits == other._bits;
                return DecimalNumber.TryFrom(this, out var left) && DecimalNumber.TryFrom(other, out var right)
                    ? left.CompareTo(right) == 0
                    : NumberText() == other.NumberText();
            case FlowValueKind.String:
                return (string)_reference! == (string)other._reference!;
            case FlowValueKind.Array:
                return ((FlowArray)_reference!).Equals((FlowArray)other._reference!);
            case FlowValueKind.Object:
                return ((FlowObject)_reference!).Equals((FlowObject)other._reference!);
            default:
                return true;
        }
    }

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is FlowValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _kind switch
        {
            FlowValueKind.String => ((string)_reference!).GetHashCode(StringComparison.Ordinal),
            FlowValueKind.Number => TryGetDouble(out var number) ? number.GetHashCode() : 0,
            FlowValueKind.Boolean => _bits.GetHashCode(),
            FlowValueKind.Array => ((FlowArray)_reference!).Count,
            FlowValueKind.Object => ((FlowObject)_reference!).Count + 17,
            _ => (int)_kind,
        };

    /// <summary>The value as compact JSON with sensitive parts masked: safe in a message or a debugger.</summary>
    public override string ToString() => JsonWriting.ToText(this, redact: true);

    /// <summary>Same as <see cref="Equals(FlowValue)"/>.</summary>
    public static bool operator ==(FlowValue left, FlowValue right) => left.Equals(right);

    /// <summary>Not equal.</summary>
    public static bool operator !=(FlowValue left, FlowValue right) => !left.Equals(right);

    internal string NumberText() =>
        _form switch
        {
            NumberForm.Integer => _bits.ToString(CultureInfo.InvariantCulture),
            NumberForm.Double => JsonNumber.Format(BitConverter.Int64BitsToDouble(_bits)),
            _ => (string)_reference!,
        };

    internal bool IsIntegerForm => _kind == FlowValueKind.Number && _form == NumberForm.Integer;

    internal bool IsExactText => _kind == FlowValueKind.Number && _form == NumberForm.ExactText;

    internal long RawBits => _bits;
}
