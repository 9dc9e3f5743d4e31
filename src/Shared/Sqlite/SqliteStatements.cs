using System.Globalization;
using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;

namespace SessionReplay.Sqlite;

/// <summary>A connection and its statements, each prepared once. Used by one thread at a time.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    /// <summary>How many statements are kept. A search has a text for each set of its conditions.</summary>
    private const int MaxKept = 256;

    private readonly Dictionary<string, SqliteCommand> _kept = [];

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Bind(sql, parameters).ExecuteNonQuery();

    /// <summary>Reads the first column of the first row; the default value when there is no row, or no value in it.</summary>
    public T? Scalar<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Bind(sql, parameters).ExecuteScalar() is { } value and not DBNull
            ? (T)Convert.ChangeType(value, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), CultureInfo.InvariantCulture)
            : default;

    /// <summary>Reads all rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Bind(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Reads rows until <paramref name="read"/> returns <see langword="false"/>.</summary>
    public void ReadWhile(string sql, Func<SqliteDataReader, bool> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Bind(sql, parameters).ExecuteReader();
        while (reader.Read() && read(reader))
        {
        }
    }

    /// <summary>Opens the bytes of one value.</summary>
    public SqliteBlob OpenBlob(
        string table, string column, long row, bool readOnly = false) => new(connection, table, column, row, readOnly);

    public void Dispose()
    {
        Clear();
        connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_kept.TryGetValue(sql, out var command))
        {
            command = Keep(sql, parameters);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            var (name, value) = parameters[i];
            var parameter = command.Parameters[i];
            if (parameter.ParameterName != name)
            {
                throw new ArgumentException(
                    $"A statement has the same parameters in the same order each time; '{name}' was '{parameter.ParameterName}': {sql}");
            }

            parameter.Value = value is string text ? DatabaseText.Of(text) : value ?? DBNull.Value;
        }

        return command;
    }

    private SqliteCommand Keep(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (_kept.Count == MaxKept)
        {
            Clear();
        }

        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, _) in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        _kept.Add(sql, command);
        return command;
    }

    private void Clear()
    {
        foreach (var command in _kept.Values)
        {
            command.Dispose();
        }

        _kept.Clear();
    }
}
