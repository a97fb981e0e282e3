// Draws the charts of a report. Each is drawn when it comes near the reader's eyes, and all of them before they are printed.
(function () {
  'use strict';

  // Told apart by who sees fewer colours, too: the palette of Okabe and Ito.
  var COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8c8c00', '#555555'];
  var INK = '#1b1f24';
  var FONT = 'system-ui, -apple-system, Roboto, sans-serif';
  var PRINTED_WIDTH = 660;
  var LEGEND_LINE = 22;

  var whole = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
  var rounded = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
  var money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  var compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

  // How the values of a chart are written out: those of a currency as in the table, with both digits.
  function shows(chart) {
    var format = /^[A-Z]{3}$/.test(chart.unit) ? money : whole;
    return function (value) {
      return value === null || value === undefined || value === '-' ? '–' : format.format(value);
    };
  }

  function brief(value) {
    return compact.format(value);
  }

  // How many lines the names of the series take; about 7 pixels a letter.
  function legendLines(chart, width) {
    var lines = 1;
    var used = 0;
    chart.series.forEach(function (series) {
      var needed = 40 + 7 * series.name.length;
      if (used > 0 && used + needed > width) {
        lines++;
        used = 0;
      }
      used += needed;
    });
    return lines;
  }

  function hasLegend(chart) {
    return chart.series.length > 1 && chart.kind !== 'HEATMAP';
  }

  function legendHeight(chart, width) {
    return hasLegend(chart) ? LEGEND_LINE * legendLines(chart, width) + 6 : 0;
  }

  function height(chart, width) {
    var legend = legendHeight(chart, width);
    if (chart.kind === 'RANK' || chart.kind === 'FUNNEL') {
      return legend + 30 + 38 * chart.labels.length;
    }
    if (chart.kind === 'HEATMAP') {
      return 36 + 26 * chart.series.length;
    }
    return legend + 220;
  }

  function base(chart, width) {
    return {
      animation: false,
      color: COLOURS,
      textStyle: { fontFamily: FONT, color: INK },
      // Text and not HTML: names come from the data.
      tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, valueFormatter: shows(chart) },
      legend: {
        show: hasLegend(chart),
        type: 'plain',
        top: 0,
        bottom: 'auto',
        left: 0,
        itemWidth: 14,
        itemHeight: 10,
        textStyle: { color: INK }
      },
      grid: {
        left: 2,
        right: 12,
        top: legendHeight(chart, width) + 8,
        bottom: 4,
        outerBoundsMode: 'same',
        outerBoundsContain: 'axisLabel'
      },
      series: []
    };
  }

  function overPeriods(chart, width) {
    var option = base(chart, width);
    option.xAxis = { type: 'category', data: chart.labels, axisLabel: { color: INK, hideOverlap: true }, axisTick: { show: false } };
    option.yAxis = { type: 'value', axisLabel: { color: INK, formatter: brief } };
    if (chart.kind === 'STACK' && chart.unit === 'percent') {
      option.yAxis.max = 100;
    }
    option.series = chart.series.map(function (series) {
      return {
        name: series.name,
        type: chart.kind === 'LINE' ? 'line' : 'bar',
        stack: chart.kind === 'STACK' ? 'all' : undefined,
        data: series.values,
        barMaxWidth: 40,
        symbolSize: 6,
        showSymbol: chart.labels.length <= 40
      };
    });
    return option;
  }

  // The names stand above their bars, so that long ones have room on a phone.
  function lying(chart, width) {
    var option = base(chart, width);
    var single = chart.series.length === 1;
    var first = chart.series[0].values[0];
    option.tooltip.axisPointer = { type: 'shadow' };
    option.grid.right = single ? 96 : 12;
    option.grid.top += 14;
    option.xAxis = { type: 'value', axisLabel: { color: INK, formatter: brief, hideOverlap: true } };
    option.yAxis = {
      type: 'category',
      data: chart.labels,
      inverse: true,
      axisLine: { show: false, onZero: false },
      axisTick: { show: false },
      axisLabel: {
        color: INK,
        inside: true,
        align: 'left',
        verticalAlign: 'bottom',
        margin: 0,
        padding: [0, 0, 11, 0],
        width: Math.max(120, width - 24),
        overflow: 'truncate'
      },
      z: 10
    };
    option.series = chart.series.map(function (series) {
      return {
        name: series.name,
        type: 'bar',
        stack: 'all',
        data: series.values,
        barWidth: 12,
        label: {
          show: single,
          position: 'right',
          color: INK,
          formatter: function (point) {
            return shows(chart)(point.value)
              + (chart.kind === 'FUNNEL' && first > 0 ? ' (' + rounded.format(100 * point.value / first) + '%)' : '');
          }
        }
      };
    });
    return option;
  }

  function heatMap(chart, width) {
    var option = base(chart, width);
    var cells = [];
    var highest = 0;
    chart.series.forEach(function (series, y) {
      series.values.forEach(function (value, x) {
        if (value !== null) {
          cells.push([x, y, value]);
          highest = Math.max(highest, value);
        }
      });
    });
    option.tooltip.trigger = 'item';
    option.tooltip.formatter = function (point) {
      return chart.series[point.value[1]].name + ', ' + chart.labels[point.value[0]] + ': ' + shows(chart)(point.value[2]);
    };
    option.xAxis = { type: 'category', data: chart.labels, position: 'top', axisLabel: { color: INK }, axisTick: { show: false } };
    option.yAxis = {
      type: 'category',
      data: chart.series.map(function (series) { return series.name; }),
      inverse: true,
      axisLabel: { color: INK },
      axisTick: { show: false }
    };
    option.visualMap = { show: false, min: 0, max: highest || 1, inRange: { color: ['#f3f8fc', '#6baed6'] } };
    option.series = [{
      type: 'heatmap',
      data: cells,
      itemStyle: { borderColor: '#ffffff', borderWidth: 1 },
      label: {
        show: (width - 80) / chart.labels.length >= 26,
        color: INK,
        formatter: function (point) { return rounded.format(point.value[2]); }
      }
    }];
    return option;
  }

  function option(chart, width) {
    switch (chart.kind) {
      case 'RANK':
      case 'FUNNEL':
        return lying(chart, width);
      case 'HEATMAP':
        return heatMap(chart, width);
      default:
        return overPeriods(chart, width);
    }
  }

  function start() {
    var charts = JSON.parse(document.getElementById('charts').textContent);
    var places = Array.prototype.slice.call(document.querySelectorAll('.chart'));
    var printing = false;

    function chartOf(place) {
      return charts[Number(place.getAttribute('data-chart'))];
    }

    function makeRoom(place) {
      place.style.height = height(chartOf(place), place.clientWidth) + 'px';
    }

    function draw(place) {
      makeRoom(place);
      var drawn = echarts.getInstanceByDom(place);
      if (drawn) {
        drawn.resize();
      } else {
        drawn = echarts.init(place, null, { renderer: 'svg' });
      }
      drawn.setOption(option(chartOf(place), place.clientWidth), true);
    }

    function print() {
      printing = true;
      places.forEach(function (place) {
        var many = place.closest('.panels').classList.contains('many');
        place.style.width = (many ? PRINTED_WIDTH / 2 - 10 : PRINTED_WIDTH) + 'px';
        draw(place);
      });
    }

    function printed() {
      printing = false;
      places.forEach(function (place) {
        place.style.width = '';
        draw(place);
      });
    }

    places.forEach(makeRoom);
    var near = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (entry.isIntersecting) {
          near.unobserve(entry.target);
          draw(entry.target);
        }
      });
    }, { rootMargin: '600px' });
    places.forEach(function (place) { near.observe(place); });

    var width = document.body.clientWidth;
    window.addEventListener('resize', function () {
      if (printing || document.body.clientWidth === width) {
        return;
      }
      width = document.body.clientWidth;
      places.forEach(function (place) {
        if (echarts.getInstanceByDom(place)) {
          draw(place);
        } else {
          makeRoom(place);
        }
      });
    });
    window.addEventListener('beforeprint', print);
    window.addEventListener('afterprint', printed);
  }

  start();
})();
