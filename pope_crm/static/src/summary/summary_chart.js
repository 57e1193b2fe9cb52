import {Component, onMounted, onPatched, onWillStart, onWillUnmount, useRef} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {formatMonetary} from "@web/views/fields/formatters";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const ACTUAL = "#714b67";
const OTHER = "#adb5bd"; // Grey: what the actual is compared with
const LOWEST = "#d9534f";

/* One picture: bars or a line, amounts in the currency of the summary. */
class SummaryPicture extends Component {
    static template = "pope_crm.SummaryPicture";
    static props = {chart: Object, currencyId: {type: [Number, Boolean]}};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        onMounted(() => this.draw());
        onPatched(() => this.draw());
        onWillUnmount(() => this.picture && this.picture.destroy());
    }

    show(amount, digits) {
        return formatMonetary(amount, {currencyId: this.props.currencyId, digits: [16, digits]});
    }

    dataset(series, index) {
        const {chart} = this.props;
        const color = index === chart.series.length - 1 ? ACTUAL : OTHER;
        const dataset = {label: series.label, data: series.values, backgroundColor: color, borderColor: color};
        if (chart.type === "bar") {
            return dataset;
        }
        const isLowest = (context) => context.dataIndex === chart.lowest;
        return {
            ...dataset,
            pointBackgroundColor: (context) => (isLowest(context) ? LOWEST : ACTUAL),
            pointRadius: (context) => (isLowest(context) ? 7 : 3),
            segment: {borderDash: (context) => (chart.forecast[context.p1DataIndex] ? [6, 4] : undefined)},
        };
    }

    draw() {
        if (this.picture) {
            this.picture.destroy();
        }
        const {chart} = this.props;
        this.picture = new window.Chart(this.canvas.el, {
            type: chart.type,
            data: {labels: chart.labels, datasets: chart.series.map((series, index) => this.dataset(series, index))},
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: {display: chart.series.length > 1},
                    tooltip: {
                        callbacks: {
                            title: ([item]) => chart.names[item.dataIndex],
                            label: (item) => `${item.dataset.label}: ${this.show(item.parsed.y, 2)}`,
                        },
                    },
                },
                scales: {y: {ticks: {callback: (value) => this.show(value, 0)}}},
            },
        });
    }
}

export class SummaryCharts extends Component {
    static template = "pope_crm.SummaryCharts";
    static components = {SummaryPicture};
    static props = {...standardFieldProps};

    get charts() {
        return this.props.record.data[this.props.name] || [];
    }

    get currencyId() {
        return this.props.record.data.currency_id.id;
    }
}

export const summaryCharts = {
    component: SummaryCharts,
    supportedTypes: ["json"],
    fieldDependencies: [{name: "currency_id", type: "many2one", relation: "res.currency"}],
};

registry.category("fields").add("pope_summary_charts", summaryCharts);
