using System.Buffers;
using System.Text.Unicode;

namespace SessionReplay.Format;

/// <content>Reads all of a block but its values.</content>
public ref partial struct DomBlock
{
    /// <summary>Initializes a new instance of the <see cref="DomBlock"/> struct, whose arrays are rented until it is disposed.</summary>
    /// <param name="bytes">The block.</param>
    /// <exception cref="FormatRejectedException">A rule is broken.</exception>
    public DomBlock(Span<byte> bytes)
    {
        _bytes = bytes;
        try
        {
            var reader = default(BlockReader);
            EventCount = reader.Count(_bytes, int.MaxValue);
            _timeAt = reader.At;
            CheckTimes(ref reader);
            KeyCount = reader.Count(_bytes, MaxEntries);
            ColumnCount = reader.Count(_bytes, MaxEntries);
            ShapeCount = reader.Count(_bytes, MaxEntries);
            _columns = ArrayPool<DomColumn>.Shared.Rent(ColumnCount);
            Columns.Clear();
            StringCount = ReadColumns(ref reader);
            ReadShapes(ref reader);
            PlaceValues(ref reader);
            ReadStrings(ref reader);
            CheckLoneSurrogates(ref reader);
            Root = LinkElements();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private readonly void CheckTimes(ref BlockReader reader)
    {
        var time = 0L;
        for (var i = 0; i < EventCount; i++)
        {
            time += BlockReader.Signed(reader.Number(_bytes));
            if (time is < 1 or > MaxTime)
            {
                throw Broken("B5", "An event has a time that is out of range.");
            }
        }
    }

    private readonly int ReadColumns(ref BlockReader reader)
    {
        var strings = KeyCount;
        foreach (ref var c in Columns)
        {
            c.Context = ReadKey(ref reader);
            c.Key = ReadKey(ref reader);
            c.FirstString = strings;
            c.StringCount = reader.Count(_bytes, MaxStrings);
            strings += c.StringCount;
            c.DataEnd = reader.Count(_bytes, int.MaxValue);
            var uniform = reader.Number(_bytes);
            if (uniform is not 0 and (< (long)DomValueKind.Integer or > (long)DomValueKind.Object))
            {
                throw Broken("D5", "A column has an unknown kind.");
            }

            c.Uniform = (DomValueKind)uniform;
            c.KindCount = uniform == 0 ? reader.Count(_bytes, int.MaxValue) : 0;
            if (strings > MaxStrings)
            {
                throw Broken("D2", $"It has more than {MaxStrings} strings.");
            }
        }

        return strings;
    }

    private readonly int ReadKey(ref BlockReader reader)
    {
        var key = reader.Number(_bytes);
        return key <= DomKeys.Count + KeyCount ? (int)key : throw Broken("D3", "A column names a key that is not there.");
    }

    private void ReadShapes(ref BlockReader reader)
    {
        _shapes = ArrayPool<int>.Shared.Rent(ShapeCount + 1);
        _members = ArrayPool<int>.Shared.Rent(256);
        var count = 0;
        for (var shape = 0; shape < ShapeCount; shape++)
        {
            _shapes[shape] = count;
            for (var left = reader.Count(_bytes, int.MaxValue); left > 0; left--)
            {
                var column = reader.Number(_bytes);
                if (column >= ColumnCount || _columns[column].Key == DomKeys.Element
                    || _columns[column].Context != _columns[count == _shapes[shape] ? column : _members[_shapes[shape]]].Context)
                {
                    throw Broken("D3", "A shape names a column that is not there, of another context, or of elements.");
                }

                if (count == _members.Length)
                {
                    Grow(ref _members);
                }

                _members[count++] = (int)column;
            }
        }

        _shapes[ShapeCount] = count;
    }

    private static void Grow(ref int[] array)
    {
        var larger = ArrayPool<int>.Shared.Rent(array.Length * 2);
        array.CopyTo(larger, 0);
        ArrayPool<int>.Shared.Return(array);
        array = larger;
    }

    private readonly void PlaceValues(ref BlockReader reader)
    {
        foreach (ref var c in Columns)
        {
            c.KindAt = reader.Skip(_bytes, c.KindCount);
            c.KindEnd = reader.At;
        }

        foreach (ref var c in Columns)
        {
            c.DataStart = c.DataAt = reader.Skip(_bytes, c.DataEnd);
            c.DataEnd = reader.At;
        }
    }

    private void ReadStrings(ref BlockReader reader)
    {
        _strings = ArrayPool<int>.Shared.Rent(StringCount + 1);
        var total = 0L;
        for (var i = 0; i < StringCount; i++)
        {
            _strings[i] = (int)total;
            total += reader.Number(_bytes);
            if (total > _bytes.Length)
            {
                throw Broken("D1", "Its strings are longer than the block.");
            }
        }

        _strings[StringCount] = (int)total;
        var start = reader.Skip(_bytes, total);
        if (!Utf8.IsValid(_bytes[start..reader.At]))
        {
            throw Broken("D4", "A string is not valid UTF-8.");
        }

        for (var i = 0; i <= StringCount; i++)
        {
            _strings[i] += start;
            if (i < StringCount && total > 0 && _strings[i] < reader.At && (_bytes[_strings[i]] & 0xC0) == 0x80)
            {
                throw Broken("D4", "A string begins in the middle of a character.");
            }
        }
    }

    private readonly void CheckLoneSurrogates(ref BlockReader reader)
    {
        for (var left = reader.Count(_bytes, int.MaxValue); left > 0; left--)
        {
            var (list, index, _, unit) = (reader.Number(_bytes), reader.Number(_bytes), reader.Number(_bytes), reader.Number(_bytes));
            if (list > ColumnCount || index >= (list == 0 ? KeyCount : _columns[list - 1].StringCount) || unit is < 0xD800 or > 0xDFFF)
            {
                throw Broken("D3", "A lone surrogate belongs to a string that is not there.");
            }
        }

        if (reader.At != _bytes.Length)
        {
            throw Broken("D1", "It is followed by other bytes.");
        }
    }

    private readonly int LinkElements()
    {
        var length = DomKeys.Count + KeyCount + 1;
        var elements = ArrayPool<int>.Shared.Rent(length);
        elements.AsSpan(0, length).Fill(-1);
        try
        {
            for (var i = 0; i < ColumnCount; i++)
            {
                if (_columns[i].Key == DomKeys.Element)
                {
                    ref var element = ref elements[_columns[i].Context];
                    element = element < 0 ? i : throw Broken("D3", "A context has two columns of elements.");
                }
            }

            foreach (ref var c in Columns)
            {
                c.Elements = elements[c.Inner];
            }

            return elements[DomKeys.Element] is >= 0 and var root ? root : throw Broken("D3", "The events have no column.");
        }
        finally
        {
            ArrayPool<int>.Shared.Return(elements);
        }
    }
}
