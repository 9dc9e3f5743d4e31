using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Walks the fields of a protobuf message without copying. It takes and refuses what Google.Protobuf takes and refuses.</summary>
internal ref struct WireReader(Span<byte> message)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Bytes = 2;
    public const int Fixed32 = 5;

    private const int StartGroup = 3;
    private const int EndGroup = 4;
    private const int MaxGroupDepth = 64;

    private readonly Span<byte> _message = message;
    private int _position;

    /// <summary>The number of the field that was read.</summary>
    public int Field { get; private set; }

    /// <summary>Its wire type.</summary>
    public int WireType { get; private set; }

    /// <summary>Its value when the wire type is <see cref="Varint"/>.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its content when the wire type is <see cref="Bytes"/>.</summary>
    public Span<byte> Content { get; private set; }

    /// <summary>Reads the next field; those of other wire types than <see cref="Varint"/> and <see cref="Bytes"/> are stepped over and told by their number.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="FormatRejectedException">Rule B1 is broken.</exception>
    public bool Read()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        ReadTag();
        ReadValue(depth: 0);
        return true;
    }

    private static FormatRejectedException Malformed(string what) => new("B1", $"The batch is no well-formed protobuf message: {what}.");

    private void ReadTag()
    {
        var tag = ReadVarint();
        if (tag is > uint.MaxValue or < 8)
        {
            throw Malformed("a field has no number");
        }

        Field = (int)(tag >> 3);
        WireType = (int)(tag & 7);
    }

    private void ReadValue(int depth)
    {
        switch (WireType)
        {
            case Varint:
                Number = ReadVarint();
                break;
            case Fixed64:
                Skip(8);
                break;
            case Bytes:
                var length = ReadVarint();
                if (length > (ulong)(_message.Length - _position))
                {
                    throw Malformed("a length runs past the end");
                }

                Content = _message.Slice(_position, (int)length);
                _position += (int)length;
                break;
            case StartGroup when depth < MaxGroupDepth:
                SkipGroup(depth);
                break;
            case Fixed32:
                Skip(4);
                break;
            default:
                throw Malformed("a field has an unknown wire type");
        }
    }

    private void SkipGroup(int depth)
    {
        var group = Field;
        while (true)
        {
            ReadTag();
            if (WireType == EndGroup)
            {
                if (Field != group)
                {
                    throw Malformed("a group ends as another");
                }

                // To the caller the whole group is one unknown field.
                WireType = StartGroup;
                return;
            }

            ReadValue(depth + 1);
        }
    }

    private void Skip(int length)
    {
        if (length > _message.Length - _position)
        {
            throw Malformed("it is truncated");
        }

        _position += length;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position == _message.Length)
            {
                throw Malformed("it is truncated");
            }

            var b = _message[_position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Malformed("a number has more than 10 bytes");
    }
}
