using System.Buffers;
using System.Buffers.Text;

namespace SessionReplay.Format;

/// <summary>
/// DOM events as columns (docs/format/v1.md, section 2.4): reads their values one after the other without making objects of them. A value
/// belongs to a column; <see cref="Read"/> moves its column on.
/// </summary>
public ref partial struct DomBlock : IDisposable
{
    /// <summary>How deep values may nest.</summary>
    public const int MaxDepth = 512;

    private const int MaxEntries = 131_072;
    private const int MaxStrings = 4 * 1024 * 1024;
    private const int MaxNumberText = 32;
    private const long MaxTime = (1L << 53) - 1;
    private const long MaxShortInteger = 100_000_000_000;
    private const long MinTimeInteger = 1_000_000_000_000;
    private const long MaxTimeInteger = 4_000_000_000_000;

    private readonly Span<byte> _bytes;
    private DomColumn[] _columns = [];
    private int[] _shapes = [];
    private int[] _members = [];
    private int[] _strings = [];
    private int _timeAt;
    private long _time;

    /// <summary>Gets the number of events.</summary>
    public int EventCount { get; }

    /// <summary>Gets the number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Gets the number of shapes.</summary>
    public int ShapeCount { get; }

    /// <summary>Gets the number of strings: first the keys that are written, then those of the columns.</summary>
    public int StringCount { get; }

    /// <summary>Gets the number of keys that are written.</summary>
    public int KeyCount { get; }

    /// <summary>Gets the number of the column whose values are the events.</summary>
    public int Root { get; }

    /// <summary>Gets the columns.</summary>
    public readonly Span<DomColumn> Columns => _columns.AsSpan(0, ColumnCount);

    /// <summary>Gets the number of the event that is read, from 1; 0 before the first.</summary>
    public int Event { get; private set; }

    /// <summary>Returns a string.</summary>
    /// <param name="index">Its number among all strings.</param>
    /// <returns>Its bytes in UTF-8, which may be overwritten.</returns>
    public readonly Span<byte> StringAt(int index) => _bytes[_strings[index].._strings[index + 1]];

    /// <summary>Returns all strings of a column, one behind the other.</summary>
    /// <param name="column">The column.</param>
    /// <returns>Their bytes in UTF-8.</returns>
    public readonly ReadOnlySpan<byte> StringsOf(in DomColumn column) =>
        _bytes[_strings[column.FirstString].._strings[column.FirstString + column.StringCount]];

    /// <summary>Returns a key.</summary>
    /// <param name="number">Its number as columns have it.</param>
    /// <returns>The key in UTF-8.</returns>
    public readonly ReadOnlySpan<byte> Key(int number) =>
        number <= DomKeys.Count ? DomKeys.Utf8(number) : StringAt(number - DomKeys.Count - 1);

    /// <summary>Returns the columns of a shape.</summary>
    /// <param name="shape">Its number.</param>
    /// <returns>The numbers of the columns, in the order of the object's members.</returns>
    public readonly ReadOnlySpan<int> Members(int shape) => _members.AsSpan(_shapes[shape].._shapes[shape + 1]);

    /// <summary>Moves to the next event; its value is then to be read from the column <see cref="Root"/>.</summary>
    /// <returns>When it happened, in ms since the Unix epoch.</returns>
    public long NextEvent()
    {
        BlockReader.TryRead(_bytes, ref _timeAt, out var difference);
        Event++;
        return _time += BlockReader.Signed(difference);
    }

    /// <summary>Reads the next value of a column.</summary>
    /// <param name="column">The column's number.</param>
    /// <param name="value">
    /// The integer; for a string or a number with a text, its number among all strings; the number of elements; the number of the shape.
    /// </param>
    /// <returns>The kind of the value.</returns>
    /// <exception cref="FormatRejectedException">A rule is broken.</exception>
    public readonly DomValueKind Read(int column, out long value)
    {
        ref var c = ref _columns[column];
        var kind = c.Uniform != DomValueKind.Null ? c.Uniform : Kind(ref c);
        c.LastEvent = Event;
        c.LastKind = kind;
        value = 0;
        if (kind < DomValueKind.Integer)
        {
            return kind;
        }

        var at = c.DataAt;
        if (at < c.DataEnd && _bytes[at] < 0x80)
        {
            value = _bytes[at];
            c.DataAt = at + 1;
        }
        else if (BlockReader.TryRead(_bytes[..c.DataEnd], ref at, out value))
        {
            c.DataAt = at;
        }
        else
        {
            throw new FormatRejectedException("D7", "A column of a DOM block has fewer values than the events.");
        }

        value = kind switch
        {
            DomValueKind.Integer => Integer(ref c, value),
            DomValueKind.String => String(ref c, value),
            DomValueKind.Number => Number(ref c, value),
            DomValueKind.Array => value == 0 || c.Elements >= 0 ? value : throw Broken("D3", "An array has no column for its elements."),
            DomValueKind.Object => Shape(c, value),
            _ => throw Broken("D5", "A value has an unknown kind."),
        };
        return kind;
    }

    /// <summary>Checks that all columns have been read to their ends.</summary>
    /// <exception cref="FormatRejectedException">One has more values than the events.</exception>
    public readonly void End()
    {
        foreach (ref readonly var c in Columns)
        {
            if (c.DataAt != c.DataEnd || c.KindAt != c.KindEnd || c.Introduced != c.StringCount)
            {
                throw Broken("D7", "A column has more values than the events.");
            }
        }
    }

    /// <summary>Makes every integer of a column 0, also those that were read.</summary>
    /// <param name="column">The column's number.</param>
    public readonly void EraseIntegers(int column)
    {
        ref var c = ref _columns[column];
        var (kindAt, at) = (c.KindEnd - c.KindCount, c.DataStart);
        while (at < c.DataEnd)
        {
            var kind = c.Uniform != DomValueKind.Null ? c.Uniform : (DomValueKind)_bytes[kindAt++];
            if (kind < DomValueKind.Integer)
            {
                continue;
            }

            var start = at;
            BlockReader.TryRead(_bytes[..c.DataEnd], ref at, out _);
            if (kind == DomValueKind.Integer)
            {
                // A number may have more bytes than it needs.
                _bytes[start..(at - 1)].Fill(0x80);
                _bytes[at - 1] = 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(ref _columns);
        Return(ref _shapes);
        Return(ref _members);
        Return(ref _strings);
    }

    /// <summary>
    /// Whether a number is written as an integer. One of twelve or more digits could be the number of a card and is written as text, except
    /// times of 2001 to 2096.
    /// </summary>
    internal static bool IsInteger(long value) =>
        value is > -MaxShortInteger and < MaxShortInteger or >= MinTimeInteger and < MaxTimeInteger;

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0)
        {
            ArrayPool<T>.Shared.Return(array);
            array = [];
        }
    }

    private static FormatRejectedException Broken(string rule, string message) => new(rule, $"DOM block: {message}");

    private static long Integer(ref DomColumn c, long difference)
    {
        var value = c.LastInteger + BlockReader.Signed(difference);

        return IsInteger(value) ? c.LastInteger = value : throw Broken("D5", "An integer is out of range.");
    }

    private static int String(ref DomColumn c, long place)
    {
        if (place == 0 ? c.Introduced == c.StringCount : place > c.Introduced)
        {
            throw Broken("D5", "A value refers to a string that is not there.");
        }

        return c.LastString = c.FirstString + (place == 0 ? c.Introduced++ : (int)place - 1);
    }

    private readonly int Number(ref DomColumn c, long place)
    {
        var index = String(ref c, place);
        // Ingest overwrites a number by 0 and spaces.
        var text = StringAt(index).TrimEnd((byte)' ');
        return text.Length <= MaxNumberText && !text.ContainsAnyExcept("0123456789+-.eE"u8)
            && Utf8Parser.TryParse(text, out double number, out var read) && read == text.Length && double.IsFinite(number)
                ? index
                : throw Broken("D5", "The text of a number is not a number.");
    }

    private readonly long Shape(in DomColumn c, long shape)
    {
        if (shape >= ShapeCount)
        {
            throw Broken("D6", "An object has a shape that is not there.");
        }

        var members = Members((int)shape);
        return members.IsEmpty || _columns[members[0]].Context == c.Inner
            ? shape
            : throw Broken("D6", "An object has a shape of another context.");
    }

    private readonly DomValueKind Kind(ref DomColumn c) =>
        c.KindAt == c.KindEnd ? throw Broken("D7", "A column has fewer values than the events.") : (DomValueKind)_bytes[c.KindAt++];
}
